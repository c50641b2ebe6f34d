"""What an event code means for a series: its class, its PLOVER type, a pledge or a delivery."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")


@dataclass(frozen=True, slots=True)
class Meaning:
    """An event as series count it.

    Parameters
    ----------
    quad : 1 to 4, the class of verbal or material, cooperation or conflict; 0 if the code says nothing.
    plover : PLOVER 0.8 type; "" for comments, which PLOVER leaves out, and for unknown codes.
    pledge, delivery : a promise of something material; a material act that would keep one.
    """

    quad: int = 0
    plover: str = ""
    pledge: bool = False
    delivery: bool = False


@cache
def _book() -> dict[str, Any]:
    from ruamel.yaml import YAML

    text = (files("tertius.ledger.bulk") / "codes.yaml").read_text("utf-8")
    loaded: dict[str, Any] = YAML(typ="safe").load(text)
    return loaded


@cache
def _labels() -> dict[str, str]:
    return {start: code for code, starts in _book()["labels"].items() for start in starts}


def cameo_code(text: str) -> str:
    """Read a CAMEO code as two to four digits, or "" if the text is none.

    Zeros lost on the way are put back where only one reading exists: "43" is 043, "233" is 0233.
    "12" stays root 12, although it may have been 012.

    >>> [cameo_code(t) for t in ("010", "43", "233", "12", "57.0", "1053", "ab", "---", "021x")]
    ['010', '043', '0233', '12', '057', '1053', '', '', '']
    """
    digits = re.sub(r"\.0+$", "", text.strip())
    if not re.fullmatch(r"[0-9]{1,4}", digits):
        return ""
    if len(digits) == 1 or (len(digits) < 4 and int(digits[:2]) > 20):
        digits = "0" + digits
    return digits if digits[:2] in _book()["cameo"] else ""


def code_of_label(label: str) -> str:
    """Find the CAMEO code of an event described in words by its longest known beginning; "" if none fits.

    >>> code_of_label("Demonstrate military or police power"), code_of_label("Demonstrate or rally")
    ('15', '14')
    """
    words, labels = label.strip().lower(), _labels()
    fitting = [start for start in labels if words.startswith(start)]
    return labels[max(fitting, key=len)] if fitting else ""


def of_cameo(code: str) -> Meaning:
    """Look up a CAMEO code of two to four digits."""
    book = _book()
    root = book["cameo"].get(code[:2])
    if root is None:
        return Meaning()
    return Meaning(
        quad=root["quad"],
        plover=book["finer"].get(code[:3]) or root["plover"] or "",
        pledge=code.startswith(tuple(book["pledges"]["cameo"])),
        delivery=code.startswith(tuple(book["deliveries"]["cameo"])),
    )


def of_plover(name: str) -> Meaning:
    """Look up a PLOVER event type, in any case."""
    book, kind = _book(), name.strip().upper()
    if kind not in book["plover"]:
        return Meaning()
    return Meaning(
        quad=book["plover"][kind],
        plover=kind,
        pledge=kind in book["pledges"]["plover"],
        delivery=kind in book["deliveries"]["plover"],
    )


def meaning(code: str = "", label: str = "", kind: str = "") -> Meaning:
    """Look up an event by its CAMEO code, else by its description, else by its PLOVER type."""
    cameo = cameo_code(code) or code_of_label(label)
    return of_cameo(cameo) if cameo else of_plover(kind)


def quad_of(text: str) -> int:
    """Read the class a file states itself, as 1 to 4, Q1 to Q4 or in words; 0 if it states none.

    >>> [quad_of(t) for t in ("3", "4.0", "Q2", "VERBAL COOPERATION", "", "5")]
    [3, 4, 2, 1, 0, 0]
    """
    words = text.strip().lower()
    if words in QUADS:
        return QUADS.index(words) + 1
    number = re.fullmatch(r"q?([1-4])(?:\.0+)?", words)
    return int(number[1]) if number else 0
