"""Draw with matplotlib and return clean SVG: text as text, the same bytes every time, safe to inline."""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's palette keeps its order for every kind of colour vision; the marker repeats the message.
INK, GRID, SOFT = "#1a1a1a", "#d9d9d9", "#555555"
BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9"
CHANNEL_STYLE = {
    "open": (BLUE, "o"),
    "shielded": (VERMILION, "s"),
    "aid": (GREEN, "^"),
    "security": (PURPLE, "D"),
    "verbal": (ORANGE, "v"),
}
OTHER_STYLE = (SOFT, "h")

_FONTS = "'DejaVu Sans',Verdana,'Segoe UI',sans-serif"
_RC: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "tertius",
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.labelsize": 8.5,
    "axes.titlesize": 9.0,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "legend.fontsize": 8.0,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.unicode_minus": True,
    "axes.linewidth": 0.7,
    "path.simplify": False,
}


def figure(width: float, height: float) -> Figure:
    """Return an empty figure of this size in inches, apart from pyplot's global state."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def plain(axes: Axes, *, grid: Literal["x", "y", "both"] = "x") -> Axes:
    """Strip what carries no information, and draw a light grid along one axis."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    return axes


def style(channel: str) -> tuple[str, str]:
    """Return the colour and the marker of a channel."""
    return CHANNEL_STYLE.get(channel, OTHER_STYLE)


def draw(make: Any, *arguments: Any, name: str, title: str, description: str) -> str:
    """Run `make(*arguments)` under the house style and return its figure as a titled, responsive SVG.

    Parameters
    ----------
    make : function that returns a matplotlib figure.
    name : prefix of every id, so that several pictures can stand in one page.
    title, description : read out in place of the picture.
    """
    import matplotlib as mpl

    buffer = io.StringIO()
    with mpl.rc_context(_RC):
        drawn = make(*arguments)
        drawn.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _clean(buffer.getvalue(), name, title, description)


def _clean(text: str, name: str, title: str, description: str) -> str:
    body = text[text.index("<svg") :]
    # A style element of an inlined picture would reach the whole page, so its rule moves to the root.
    for unwanted in (r"<metadata>.*?</metadata>", r"<!--.*?-->", r"<style.*?</style>", r" target=\"_blank\""):
        body = re.sub(unwanted, "", body, flags=re.DOTALL)
    used = set(re.findall(r'href="#([^"]+)"', body)) | set(re.findall(r"url\(#([^)]+)\)", body))
    body = re.sub(r' id="([^"]+)"', lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", body)
    body = body.replace('href="#', f'href="#{name}-').replace("url(#", f"url(#{name}-")
    body = body.replace("'DejaVu Sans'", _FONTS)
    box = re.search(r'viewBox="([^"]+)"', body)
    assert box is not None
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' viewBox="{box[1]}" role="img" aria-labelledby="{name}-title {name}-desc"'
        ' stroke-linejoin="round" stroke-linecap="butt">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    )
    return head + re.sub(r"\s*\n\s*", "\n", body[body.index(">") + 1 :])
