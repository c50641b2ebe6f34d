"""A design as text: tables for a terminal, JSON, and the files of a report folder."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tertius import countries
from tertius.errors import InputError
from tertius.report import numbers
from tertius.report.design_figure import picture
from tertius.report.names import HORIZONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from tertius.strategy.design_result import Design, Point, Rank

DOCUMENT, FIGURE = "design.json", "figure-design.svg"
_NAMED = 3  # countries named in a row of the terminal


def to_json(found: Design) -> str:
    """Return the design as JSON; fractions unless a name ends in _pct, money in bn USD unless in _mn."""
    return json.dumps(found.to_dict(), indent=2, allow_nan=False) + "\n"


def check_folder(folder: str | Path) -> Path:
    """Return the folder as a path, before anything long is computed; raises InputError if it is a file."""
    folder = Path(folder)
    if any(path.exists() and not path.is_dir() for path in (folder, *folder.parents)):
        raise InputError(f"--report {folder}: there is a file of that name; give a folder")
    return folder


def write_design(found: Design, folder: str | Path) -> Path:
    """Write design.json and figure-design.svg into a folder and return the picture's path.

    Raises
    ------
    InputError
        `folder` is a file, or cannot be written.
    """
    folder = check_folder(folder)
    texts = {DOCUMENT: to_json(found), FIGURE: picture(found) + "\n"}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            handle, made = tempfile.mkstemp(prefix=f".{name}-", dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(made).replace(folder / name)
    except OSError as error:
        raise InputError(f"--report {folder}: cannot be written ({error.strerror})") from error
    return folder / FIGURE


def render(found: Design, console: Console) -> None:
    """Print the ranking, the frontier and what it rests on."""
    target = countries.name(found.target)
    who = f"{len(found.senders)} senders" if len(found.senders) > 3 else ", ".join(found.senders)
    console.print(f"Measures of {who} against {target}, {HORIZONS[found.horizon]}, as of {found.as_of}")
    _ranking(found, console)
    _frontier(found, console)
    _packages(found, console)
    _effects(found, console)
    for row in found.compared:
        console.print(
            f"At a willingness to pay of {row.willingness:g}: package {row.point + 1}, mean tariff "
            f"{_share(row.mean_tariff)} on the senders' purchases, {_share(row.energy_embargo)} of energy "
            f"under embargo. Published: {row.published}.",
            highlight=False,
        )
    for note in found.notes:
        console.print(f"- {note}", highlight=False, markup=False)
    console.print(
        f"{found.solves} equilibria, {found.gradients} gradients, {found.seconds:.0f} s", highlight=False
    )


def _ranking(found: Design, console: Console) -> None:
    console.print(
        "Which goes first: one percentage point of each measure, from gradients (mn USD; negative: gain)",
        style="bold",
    )
    table = _table(
        ("measure", "trade, bn", "target", "senders", "per own dollar", "order y / m / l"),
        left=(0,),
    )
    for row in found.ranking:
        table.add_row(
            f"{row.kind} {row.sector}",
            numbers.number(row.trade_bn),
            numbers.number(row.target_mn),
            numbers.number(row.sender_mn),
            _worth(row),
            " / ".join(str(row.order[h] or "-") for h in HORIZONS),
        )
    console.print(table)


def _worth(row: Rank) -> str:
    if row.ratio is not None:
        return numbers.number(row.ratio)
    return "costs nothing" if row.target_mn > 0 else "helps the target"


def _frontier(found: Design, console: Console) -> None:
    others = _others(found)
    console.print(
        "Frontier: target's loss in %, own cost in bn USD (negative: gain), price of the last dollar",
        style="bold",
    )
    table = _table(
        ("", "loss %", "own bn", "price", *(f"{h}: loss, own" for h in others)),
        left=(),
    )
    for k, point in enumerate(found.points, start=1):
        table.add_row(
            str(k),
            numbers.number(point.target_pct),
            numbers.number(point.sender_bn),
            "" if point.price is None else numbers.number(point.price),
            *(_band(point, h) for h in others),
        )
    console.print(table)


def _effects(found: Design, console: Console) -> None:
    console.print("What else each package does: loss of third parties (bn USD), falls in %", style="bold")
    table = _table(
        ("", "third", "hardest hit", "trade more with the target, bn", "civilian need", "member"),
        left=(2, 3, 4, 5),
    )
    for k, point in enumerate(found.points, start=1):
        worst = max(point.civilian_pct, key=lambda s: point.civilian_pct[s])
        table.add_row(
            str(k),
            numbers.number(point.third_bn),
            ", ".join(f"{c} {numbers.number(x)}" for c, x in list(point.hit.items())[:2]),
            ", ".join(f"{c} {numbers.number(x)}" for c, x in list(point.takers.items())[:_NAMED]),
            f"{worst} {numbers.number(point.civilian_pct[worst])}",
            f"{point.worst_member[0]} {numbers.number(point.worst_member[1])}",
        )
    console.print(table)


def _table(headings: Sequence[str], left: Sequence[int]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for k, heading in enumerate(headings):
        table.add_column(heading, justify="left" if k in left else "right", overflow="fold")
    return table


def _others(found: Design) -> list[str]:
    return [h for h in HORIZONS if h != found.horizon]


def _band(point: Point, name: str) -> str:
    band = point.bands[name]
    return "no equilibrium" if band is None else f"{numbers.number(band[0])}, {numbers.number(band[1])}"


def _packages(found: Design, console: Console) -> None:
    """Print one column per package and one row per measure that some package uses."""
    console.print("What each package is made of: tariff rate and embargo coverage, %", style="bold")
    table = _table(
        ("", *(str(k) for k in range(1, len(found.points) + 1))),
        left=(0,),
    )
    for kind in ("tariff", "embargo"):
        for sector in dict.fromkeys(s for point in found.points for s in getattr(point, kind)):
            values = [getattr(point, kind).get(sector, 0.0) for point in found.points]
            table.add_row(f"{kind} {sector}", *(f"{100 * x:.0f}" if x else "" for x in values))
    console.print(table)


def _share(x: float) -> str:
    return f"{100 * x:.0f} %"
