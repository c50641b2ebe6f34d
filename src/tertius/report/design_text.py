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
    from rich.console import Console

    from tertius.strategy.design import Design, Point, Rank

DOCUMENT, FIGURE = "design.json", "figure-design.svg"
_NAMED = 3  # measures named in a row of the terminal


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
    table = _table("Which goes first: one percentage point of each measure, from gradients")
    headings = (
        "measure",
        "trade, bn",
        "target loses, mn",
        "senders pay, mn",
        "per own dollar",
        "order at year/medium/long",
    )
    for k, heading in enumerate(headings):
        table.add_column(heading, justify="right" if k else "left")
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
    table = _table("Frontier, with matched retaliation (negative: gain)")
    for heading in (
        "",
        "target %",
        "target bn",
        "own bn",
        "price",
        *(f"{h}: target %, own bn" for h in _others(found)),
    ):
        table.add_column(heading, justify="right")
    table.add_column("largest measures")
    for k, point in enumerate(found.points, start=1):
        table.add_row(
            str(k),
            numbers.number(point.target_pct),
            numbers.number(point.target_bn),
            numbers.number(point.sender_bn),
            "" if point.price is None else numbers.number(point.price),
            *(_band(point, h) for h in _others(found)),
            _measures(point),
        )
    console.print(table)


def _effects(found: Design, console: Console) -> None:
    table = _table("What else each package does (%: fall)")
    headings = (
        "",
        "third parties, bn",
        "hardest hit",
        "trade more with the target, bn",
        "civilian needs",
        "hit member",
    )
    for k, heading in enumerate(headings):
        table.add_column(heading, justify="right" if k == 1 else "left")
    for k, point in enumerate(found.points, start=1):
        worst = max(point.civilian_pct, key=lambda s: point.civilian_pct[s])
        table.add_row(
            str(k),
            numbers.number(point.third_bn),
            ", ".join(f"{c} {numbers.number(x)} %" for c, x in list(point.hit.items())[:2]),
            ", ".join(f"{c} {numbers.number(x)}" for c, x in list(point.takers.items())[:_NAMED]),
            f"{worst} {numbers.number(point.civilian_pct[worst])} %",
            f"{point.worst_member[0]} {numbers.number(point.worst_member[1])} %",
        )
    console.print(table)


def _table(title: str):  # type: ignore[no-untyped-def]
    from rich import box
    from rich.table import Table

    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)


def _others(found: Design) -> list[str]:
    return [h for h in HORIZONS if h != found.horizon]


def _band(point: Point, name: str) -> str:
    band = point.bands[name]
    return "no equilibrium" if band is None else f"{numbers.number(band[0])}, {numbers.number(band[1])}"


def _measures(point: Point) -> str:
    """Name the strongest measures: embargoes of any size before tariffs."""
    named = [f"no {s} trade" if x == 1 else f"{_share(x)} of {s}" for s, x in _by_size(point.embargo)]
    named += [f"{_share(x)} tariff on {s}" for s, x in _by_size(point.tariff)]
    rest = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + rest


def _by_size(measures: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(measures.items(), key=lambda each: -each[1])


def _share(x: float) -> str:
    return f"{100 * x:.0f} %"
