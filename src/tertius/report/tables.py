"""The tables of an assessment, the same for the terminal and the page: columns, row labels, quantities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tertius.leverage.assessment import Quantity
from tertius.report import numbers
from tertius.report.curve_figure import percent
from tertius.report.figures import as_points, hardest, largest
from tertius.report.names import HORIZON_NOTE, HORIZONS, Names, words
from tertius.report.records import quantity_of
from tertius.report.staircase import leverage_at
from tertius.report.trace import anchor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.leverage.assessment import Assessment, Cost, CurvePoint, Lifeline

Cell = Quantity | str
THIRD, NEED = "third party", "civilian need"
SHOWN, FEW = 15, 6


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `essential` ones are shown on the terminal, too."""

    head: str
    why: str
    essential: bool = True
    remarks: bool = False  # notes of its numbers are said in the cell, not in a footnote


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its label, a smaller remark under it, where the label leads, and the cells."""

    label: str
    cells: tuple[Cell, ...]
    remark: str = ""
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column holds the labels."""

    name: str
    head: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    def shared_note(self, at: int) -> str:
        """Return the note most numbers of column `at` carry, if every known one carries some, else ""."""
        cells = [x for line in self.lines if isinstance(x := line.cells[at], Quantity)]
        found = [numbers.remark(x) for x in cells if x.central is not None]
        if len(found) < 2 or not all(found):
            return ""
        most = max(found, key=found.count)
        return most if 2 * found.count(most) > len(found) else ""

    def units(self) -> list[str]:
        """Return `shared_unit` of every column."""
        return [self.shared_unit(at) for at in range(len(self.columns))]

    def notes(self) -> list[str]:
        """Return `shared_note` of every column."""
        return [self.shared_note(at) for at in range(len(self.columns))]

    def shared_unit(self, at: int) -> str:
        """Return unit and year of column `at` if all its quantities agree, else ""."""
        found = {numbers.dated(cell) for line in self.lines if isinstance(cell := line.cells[at], Quantity)}
        return found.pop() if len(found) == 1 else ""


def lifelines(assessment: Assessment) -> Table:
    """Return the lifelines whose cut hurts most, in merit order."""
    return _lifelines(assessment, largest(assessment.lifelines, SHOWN), "lifelines")


def smaller(assessment: Assessment) -> Table:
    """Return the lifelines that `lifelines` leaves out, in merit order."""
    kept = {id(line) for line in largest(assessment.lifelines, SHOWN)}
    return _lifelines(assessment, [line for line in assessment.lifelines if id(line) not in kept], "smaller")


def _lifelines(assessment: Assessment, lines: Sequence[Lifeline], name: str) -> Table:
    names = Names(assessment)
    columns = (
        Column("q*", "Break-even credibility: the probability of enforcement at which the supporter stops"),
        Column("value", "What the lifeline carries"),
        Column("rent", "Gain from price differences", essential=False),
        Column("benefit", "What the supporter gains by keeping it"),
        Column("exposure", "What the supporter loses if the sender enforces"),
        Column("exposure share", "The same as a share of the supporter's real income", essential=False),
        Column("influence needed", "What influence must be worth for it to hold at q = 5 %", essential=False),
        Column("loss if cut", "Loss of the target if this lifeline alone is cut"),
    )
    return Table(name, "Lifeline", columns, tuple(_lifeline(x, names) for x in lines))


def brief_lifelines(assessment: Assessment) -> Table:
    """Return every lifeline on one line: q*, value, exposure, loss if cut; "~" marks an undetermined order."""
    names = Names(assessment)
    columns = (
        Column("q*", "Break-even credibility"),
        Column("value", "What the lifeline carries"),
        Column("exposure", "What the supporter loses if the sender enforces"),
        Column("loss if cut", "Loss of the target if this lifeline alone is cut"),
    )
    lines = []
    for x in assessment.lifelines:
        mark = "~ " if x.order.startswith("not determined") else ""
        label = f"{mark}{names.lifeline(x.supporter, x.channel)}"
        lines.append(Line(label, (x.q_star, x.value, x.exposure, x.loss_if_cut)))
    return Table("lifelines", "Lifeline", columns, tuple(lines))


def breaking(assessment: Assessment, few: int = FEW) -> Table:
    """Return what is left at each credibility and what breaks by then, and last what never breaks."""
    names = Names(assessment)
    harm = {f"{x.supporter} {x.channel}": x.loss_if_cut.central or 0.0 for x in assessment.lifelines}
    lines = [
        Line(
            percent(_fraction(q)),
            (leverage_at(assessment.curve, _fraction(q)) or "", names.few(keys, harm, few) or "nothing"),
        )
        for q, keys in assessment.breaks_at.items()
    ]
    holds = [
        f"{x.supporter} {x.channel}"
        for x in assessment.lifelines
        if x.q_star.central is not None and x.q_star.central >= 1
    ]
    if holds:
        lines.append(Line("never", ("", names.few(holds, harm, few))))
    columns = (
        Column(
            "left of the full loss", "L(q): loss with the lifelines that still hold, over the loss with none"
        ),
        Column("breaks by then, largest first", "Lifelines whose central q* lies below"),
    )
    return Table("breaking", "q", columns, tuple(lines))


def _fraction(q: str) -> float:
    return float(q.rstrip(" %")) / 100


def losses(assessment: Assessment) -> Table:
    """Loss if all comply, now and lifted at each horizon."""
    columns = (
        Column("if all comply", "Every third party stops"),
        Column("now", "Every lifeline runs; zero by definition for a pure threat"),
        Column("lifted", "Realised loss against a world in which sender and target trade as before"),
    )
    lines = [
        Line(
            HORIZONS.get(x.horizon, x.horizon),
            (x.all_comply, x.now, x.lifted),
            HORIZON_NOTE.get(x.horizon, ""),
        )
        for x in assessment.loss
    ]
    return Table("losses", "Horizon", columns, tuple(lines))


def curve(assessment: Assessment, points: tuple[CurvePoint, ...]) -> Table:
    """Return the steps of one leverage curve: those at which something breaks, and both ends."""
    names = Names(assessment)
    shown = [p for p in points if p.breaks or p in {points[0], points[-1]}]
    lines = [
        Line(f"{numbers.number(100 * p.q)} %", (p.leverage, "; ".join(map(names.broken, p.breaks)) or "none"))
        for p in shown
    ]
    columns = (
        Column("L(q)", "Share of the full loss that is left"),
        Column("breaks here", "Central q* at this step"),
    )
    return Table("curve", "q", columns, tuple(lines))


def attribution(assessment: Assessment) -> Table:
    """Shapley shares, the largest first."""
    names = Names(assessment)
    columns = (
        Column("points", "Percentage points of the target's real income"),
        Column("standard error", "From the sampled orders"),
        Column("share of the gap", "The same as a fraction of the gap"),
    )
    ranked = sorted(assessment.attribution, key=lambda x: -abs(x.points.central or 0.0))
    lines = [
        Line(
            names.lifeline(x.supporter, x.channel),
            (x.points, f"{numbers.number(x.standard_error)} pp", x.share),
        )
        for x in ranked
    ]
    return Table("attribution", "Lifeline", columns, tuple(lines))


def costs(assessment: Assessment) -> Table:
    """Return what the senders pay; negative is a gain."""
    names = Names(assessment)
    columns = (
        Column("case", "Under which assumption"),
        Column("loss of real income", "Negative is a gain"),
        Column("money", "The same in money"),
        Column("of which terms of trade", "The part that is terms of trade"),
    )
    lines = [
        Line(names.payer(x.who), (x.case, x.real_income, x.money, x.terms_of_trade))
        for x in assessment.costs
        if not x.case.startswith((THIRD, NEED))
    ]
    return Table("costs", "Who", columns, tuple(lines))


def sender(assessment: Assessment) -> Table:
    """Return what the senders pay in brief: one row per sender and case, income and money."""
    names = Names(assessment)
    columns = (Column("loss of real income", "Negative is a gain"), Column("money", "The same in money"))
    lines = [
        Line(
            f"{names.payer(x.who)}, {x.case.removeprefix('carried out in full, ')}", (x.real_income, x.money)
        )
        for x in assessment.costs
        if not x.case.startswith((THIRD, NEED))
    ]
    return Table("sender", "Who", columns, tuple(lines))


def third_parties(assessment: Assessment) -> Table:
    """Return what third parties pay, hardest hit first, its cases side by side."""
    return _by_case(assessment, "third_parties", THIRD, "Third party")


def enforced(assessment: Assessment) -> Table | None:
    """Return the world in which the threat is carried out, one row per q; None for another shape."""
    rows = (assessment.enforced or {}).get("rows")
    if not rows or not all(isinstance(row, dict) and "q" in row for row in rows):
        return None
    names = Names(assessment)
    flat = [_flat(row, names) for row in rows]
    heads = list(dict.fromkeys(head for row in flat for head in row))
    columns = tuple(Column(head, "In the world in which the threat is carried out") for head in heads)
    lines = [
        Line(percent(float(row["q"])), tuple(cells.get(head, "") for head in heads))
        for row, cells in zip(rows, flat, strict=True)
    ]
    return Table("enforced", "q", columns, tuple(lines))


def _flat(row: dict[str, Any], names: Names) -> dict[str, Cell]:
    """Return the cells of one row; {"sender_loss": {"USA": quantity}} becomes "sender loss, US"."""
    cells: dict[str, Cell] = {}
    for key, value in row.items():
        if key == "q":
            continue
        inner = value if isinstance(value, dict) and quantity_of(value) is None else {"": value}
        for code, each in inner.items():
            head = f"{words(key)}, {names.country(code)}" if code else words(key)
            found = quantity_of(each)
            cells[head] = found if found is not None else numbers.plain(each)
    return cells


def needs(assessment: Assessment) -> Table:
    """Return how far the target's civilian needs go short, one row each, its cases side by side."""
    return _by_case(assessment, "needs", NEED, "Need")


def _by_case(assessment: Assessment, name: str, kind: str, head: str) -> Table:
    found = [cost for cost in assessment.costs if cost.case.startswith(kind)]
    cases = list(dict.fromkeys(cost.case for cost in found))
    parts = ["real_income"] + ["money"] * any(cost.money.central is not None for cost in found)
    columns = [
        Column(
            f"{case.removeprefix(kind).strip(', ') or 'loss'}{', in money' * (part == 'money')}",
            case,
            essential=part != "money",
        )
        for case in cases
        for part in parts
    ]
    names, by_case = Names(assessment), {(cost.who, cost.case): cost for cost in found}
    lines = [
        Line(
            names.payer(who), tuple(_cell(by_case.get((who, case)), part) for case in cases for part in parts)
        )
        for who in (hardest(found) if kind == THIRD else dict.fromkeys(cost.who for cost in found))
    ]
    return Table(name, head, tuple(columns), tuple(lines))


def _cell(cost: Cost | None, part: str) -> Cell:
    return "" if cost is None else getattr(cost, part)


def swing(assessment: Assessment) -> Table:
    """Disputed claims by how far they move the answer."""
    columns = (
        Column("low reading", "Who says so"),
        Column("high reading", "Who says so"),
        Column("change of L(5 %)", "From the low to the high reading, others central", remarks=True),
        Column(
            "change of the full loss",
            "The loss if all comply, from the low to the high reading",
            remarks=True,
        ),
    )
    lines = [
        Line(
            x.what,
            (
                x.reading_low,
                x.reading_high,
                _sourced(as_points(x.leverage_at_5), x.claims),
                _sourced(x.loss_all, x.claims),
            ),
        )
        for x in assessment.swing
    ]
    return Table("swing", "Disputed", columns, tuple(lines))


def _lifeline(line: Lifeline, names: Names) -> Line:
    cells = (
        line.q_star, line.value, line.rent, line.benefit, line.exposure, line.exposure_share,
        line.influence_needed, line.loss_if_cut,
    )  # fmt: skip
    remark = "order not determined" if line.order.startswith("not determined") else ""
    label = names.lifeline(line.supporter, line.channel)
    return Line(label, cells, remark, anchor("made-of", f"{line.supporter} {line.channel}"))


def _sourced(quantity: Quantity, claims: tuple[str, ...]) -> Quantity:
    """Give a swing the claims that disagree as its sources."""
    import dataclasses

    keys = tuple(f"claim:{claim}" for claim in claims)
    return dataclasses.replace(quantity, sources=tuple(dict.fromkeys((*quantity.sources, *keys))))
