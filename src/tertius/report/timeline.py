"""The timeline of a ledger: a row per lifeline, a lane in it for words, deeds and the rest, a mark per claim.

Claims of one lane that would lie on each other share a mark with their number in it. Shape and colour tell words
from deeds, the filling how far it got.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.report.entries import KINDS, Entry, Kind, Lane, Phase
from tertius.report.names import short
from tertius.report.svg import BLUE, GRID, INK, ORANGE, SOFT
from tertius.report.time_axis import axis, said_on, spoken_of
from tertius.report.vector import LETTER, SIZE, Canvas, width_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tertius.report.time_axis import TimeAxis

SIZES = {"small": 360.0, "middle": 680.0, "large": 1000.0}  # pixels
SHOWN = 24  # rows; the lifelines with fewest claims share the last one
LANE, PAD, HEAD = 19.0, 3.0, 20.0
TICK = 52.0  # pixels between two dates
BIN = 19.0  # pixels; claims closer than this share a mark
LOOKS: dict[Kind, tuple[str, str]] = {
    "material": (BLUE, "o"),
    "verbal": (ORANGE, "s"),
    "neither": (SOFT, "D"),
}
#: Filling, edge and ink of a mark by phase; a blend of the colour with white stands for "not stated".
_PALE = {BLUE: "#b3d5e8", ORANGE: "#f8e2b3", SOFT: "#dddddd"}
_INK = {BLUE: "#fff", ORANGE: INK, SOFT: "#fff"}
LEGEND: dict[Phase, str] = {
    "done": "paid, shipped or delivered",
    "promised": "discussed, announced or agreed",
    "ended": "denied, suspended, cancelled or lapsed",
    "unstated": "no stage stated, or several in one mark",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Claims of one lane that share a mark."""

    x: float
    entries: tuple[Entry, ...]

    @property
    def phase(self) -> Phase:
        """How far they got, if all got equally far."""
        found = {each.phase for each in self.entries}
        return found.pop() if len(found) == 1 else "unstated"


def timeline(lanes: Sequence[Lane], width: float, by: str, order: Mapping[str, int]) -> Canvas:
    """Draw the rows.

    Parameters
    ----------
    lanes : top row first.
    width : pixels; below 500 the names stand above their rows.
    by : "said" or "about": which of the two dates places a mark.
    order : claim id -> its place among the records of the page.
    """
    rows = shown(lanes)
    above = width < 500
    labels = 6.0 if above else 14 + min(250.0, max((width_of(row.label) for row in rows), default=0.0))
    dates = {each.claim.id: _day(each, by) for row in rows for each in row.entries}
    time = axis(list(dates.values()), labels + 14, width - 14)
    heights = [_height(row, above=above) for row in rows]
    canvas = Canvas(width, HEAD + sum(heights) + 4)
    _frame(canvas, time, HEAD + sum(heights))
    y = HEAD
    for at, (row, high) in enumerate(zip(rows, heights, strict=True)):
        if at % 2 == 0:
            canvas.bar(0, width, y + high / 2, high, "#f4f6f8")
            _grid(canvas, time, y, y + high)
        _row(canvas, row, y, high, labels, time, dates, order, above=above)
        y += high
    return canvas


def shown(lanes: Sequence[Lane]) -> list[Lane]:
    """Return the rows: all lifelines, or the largest in their order and the others in one."""
    if len(lanes) <= SHOWN:
        return list(lanes)
    kept = {id(lane) for lane in sorted(lanes, key=lambda x: -len(x.entries))[: SHOWN - 1]}
    rest = [lane for lane in lanes if id(lane) not in kept]
    others = sorted((each for lane in rest for each in lane.entries), key=lambda each: each.record.said)
    return [lane for lane in lanes if id(lane) in kept] + [
        Lane("", "", "", f"{len(rest)} others together", tuple(others))
    ]


def clusters(found: Sequence[Entry], days: Mapping[str, date | None], time: TimeAxis) -> list[Cluster]:
    """Return the marks of one lane, each at least `BIN` from the next."""
    placed = sorted(((time.place(days[each.claim.id]), at) for at, each in enumerate(found)))
    groups: list[list[tuple[float, int]]] = []
    for x, at in placed:
        if groups and x - groups[-1][0][0] < BIN:
            groups[-1].append((x, at))
        else:
            groups.append([(x, at)])
    return [
        Cluster(group[0][0], tuple(found[at] for _, at in sorted(group, key=lambda g: g[1])))
        for group in groups
    ]


def legend(width: float) -> Canvas:
    """Draw what shapes and fillings mean."""
    canvas = Canvas(width, 0)
    kinds: list[tuple[Kind, Phase, str]] = [(kind, "done", words) for kind, words in KINDS.items()]
    phases: list[tuple[Kind, Phase, str]] = [("material", phase, words) for phase, words in LEGEND.items()]
    y = -9.0
    for line in (kinds, phases):
        x, y = 12.0, y + 21
        for kind, phase, words in line:
            if x > 12 and x + 14 + width_of(words) > width:
                x, y = 12.0, y + 21
            _draw(canvas, *LOOKS[kind], phase, x, y)
            canvas.text(words, x + 12, y)
            x += 34 + width_of(words)
    canvas.height = y + 12
    return canvas


def _day(each: Entry, by: str) -> date | None:
    return said_on(each.claim) if by == "said" else spoken_of(each.claim)


def _kinds(row: Lane) -> list[Kind]:
    found = {each.kind for each in row.entries}
    return [kind for kind in KINDS if kind in found]


def _height(row: Lane, *, above: bool) -> float:
    return 2 * PAD + LANE * len(_kinds(row)) + (17.0 if above else 0.0)


def _frame(canvas: Canvas, time: TimeAxis, bottom: float) -> None:
    """Draw grid and dates; a date that would touch another one is left out."""
    _grid(canvas, time, HEAD, bottom)
    free, edge = 0.0, canvas.width
    if time.undated:
        words = "no date"
        edge = time.undated - width_of(words) / 2 - 6
        canvas.text(words, time.undated, 9, "middle", SOFT, italic=True)
    for x, words in [tick for part in time.parts for tick in part.ticks(TICK)]:
        half = width_of(words) / 2 + 3
        at = min(max(x, half), canvas.width - half)
        if at - half >= free and at + half <= edge:
            canvas.text(words, at, 9, "middle", SOFT)
            free = at + half


def _grid(canvas: Canvas, time: TimeAxis, top: float, bottom: float) -> None:
    for x, _ in [tick for part in time.parts for tick in part.ticks(TICK)]:
        canvas.line([(x, top), (x, bottom)], GRID, 0.8)
    for x in time.breaks():
        canvas.line([(x, top), (x, bottom)], SOFT, 0.9, "2 3")


def _row(
    canvas: Canvas,
    row: Lane,
    top: float,
    high: float,
    labels: float,
    time: TimeAxis,
    days: Mapping[str, date | None],
    order: Mapping[str, int],
    *,
    above: bool,
) -> None:
    room = int((canvas.width - 12 if above else labels - 8) / (LETTER * SIZE))
    words = short(row.label, room)
    goes = f"#{row.anchor}" if row.supporter or row.target else "#records"
    with canvas.link(goes, f"{row.label}: {len(row.entries)} claims"):
        if above:
            canvas.text(words, 6, top + 10)
        else:
            canvas.text(words, labels, top + high / 2, "end")
    y = top + PAD + LANE / 2 + (17 if above else 0)
    for kind in _kinds(row):
        for each in clusters([x for x in row.entries if x.kind == kind], days, time):
            _mark(canvas, each, kind, y, row.label, order)
        y += LANE


def _mark(canvas: Canvas, each: Cluster, kind: Kind, y: float, label: str, order: Mapping[str, int]) -> None:
    colour, marker = LOOKS[kind]
    number = len(each.entries)
    places = " ".join(str(order[x.claim.id]) for x in each.entries)
    with canvas.link(f"#{each.entries[0].anchor}", _hover(each, kind, label), places):
        _draw(canvas, colour, marker, each.phase, each.x, y, large=number > 1)
        if number > 1:
            canvas.count(number, each.x, y, _INK[colour] if each.phase == "done" else INK)


def _draw(
    canvas: Canvas, colour: str, marker: str, phase: Phase, x: float, y: float, *, large: bool = False
) -> None:
    size = (7.6 if marker == "D" else 8.6) if large else 5.0
    fill = {"done": colour, "unstated": _PALE[colour]}.get(phase, "#fff")
    canvas.mark(marker, x, y, fill, size, colour)
    if phase == "ended":
        # The stroke of a mark with a number in it stands out at both ends and leaves the middle free.
        inner, outer = (0.62 * size, 0.95 * size) if large else (0.0, 0.68 * size)
        for way in (-1, 1):
            line = [(x + way * inner, y - way * inner), (x + way * outer, y - way * outer)]
            canvas.line(line, colour, 1.6)


def _hover(each: Cluster, kind: Kind, label: str) -> str:
    """Return the lines to read over a mark: where, how many at which stage, and the first few claims."""
    head = f"{label}, {'deeds' if kind == 'material' else 'words' if kind == 'verbal' else 'facts'}"
    if len(each.entries) == 1:
        return f"{head}\n{each.entries[0].line}"
    stages = Counter(x.claim.stage or "no stage" for x in each.entries)
    told = ", ".join(f"{stage} {number}" for stage, number in stages.most_common())
    more = len(each.entries) - 3
    lines = [f"{head}: {len(each.entries)} claims ({told})", *(x.line for x in each.entries[:3])]
    return "\n".join([*lines, *([f"and {more} more"] if more > 0 else [])])
