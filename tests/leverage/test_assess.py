"""The whole chain once, on the shipped world, with little effort."""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import math
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

import tertius
from tertius.leverage.assess import Effort, assess
from tertius.leverage.assessment import Assessment, Quantity
from tertius.leverage.document import from_dict, schema, to_json

if TYPE_CHECKING:
    from pathlib import Path

DATE = "2026-01-13"


@pytest.fixture(scope="module")
def iran() -> Assessment:
    return assess(
        "Iran",
        sender="US",
        measure="secondary_tariff 25% on partners of IRN",
        as_of=DATE,
        effort=Effort(draws=4, pairs=2, processes=1),
    )


def quantities(x: object) -> list[Quantity]:
    if isinstance(x, Quantity):
        return [x]
    if dataclasses.is_dataclass(x) and not isinstance(x, type):
        return [q for f in dataclasses.fields(x) for q in quantities(getattr(x, f.name))]
    if isinstance(x, dict):
        return [q for v in x.values() for q in quantities(v)]
    if isinstance(x, (list, tuple)):
        return [q for v in x for q in quantities(v)]
    return []


def test_every_number_has_a_unit_and_a_band_around_it(iran: Assessment) -> None:
    found = quantities(iran)
    assert len(found) > 300
    for q in found:
        assert q.unit
        if q.central is None:
            assert q.low is None
            assert q.high is None
            assert q.note
        else:
            assert q.low <= q.central <= q.high
            assert q.sources or "unknown" in q.note or q.note


def test_money_and_losses_carry_the_price_year(iran: Assessment) -> None:
    assert iran.price_year == 2023
    assert all(q.year == 2023 for q in quantities(iran) if "USD" in q.unit and "claims" not in q.note)


def test_every_claim_a_number_names_is_there_and_was_said_in_time(iran: Assessment) -> None:
    named = {s.removeprefix("claim:") for q in quantities(iran) for s in q.sources if s.startswith("claim:")}
    assert named
    assert named <= set(iran.claims)
    said = [c.get("said") or c["doc"]["published"] for c in iran.claims.values()]
    assert max(said) <= DATE


def test_the_readings_of_chinas_share_stay_apart(iran: Assessment) -> None:
    shares = [c for c in iran.conflicts if c["topic"] == "IRN.china_share_of_oil_exports"]
    assert len(shares) == 1
    assert len(shares[0]["claims"]) >= 4


def test_the_curve_starts_at_nothing_and_rises(iran: Assessment) -> None:
    central = [p.leverage.central for p in iran.curve]
    assert central[0] == pytest.approx(0.0, abs=1e-6)
    assert all(b >= a - 1e-6 for a, b in itertools.pairwise(central))
    assert central[-1] <= 1.0 + 1e-6


def test_losses_shrink_with_the_horizon_and_lifting_is_worth_something(iran: Assessment) -> None:
    by_name = {row.horizon: row for row in iran.loss}
    assert (
        by_name["year"].all_comply.central
        > by_name["medium"].all_comply.central
        > by_name["long"].all_comply.central
    )
    assert all(row.lifted.low > 0 for row in iran.loss)
    assert all(abs(row.now.central) < 1e-6 for row in iran.loss)


def test_attribution_adds_up_to_the_gap(iran: Assessment) -> None:
    total = sum(s.points.central for s in iran.attribution)
    assert total == pytest.approx(
        next(x for x in iran.loss if x.horizon == "medium").all_comply.central, abs=1e-6
    )


def test_china_holds_most_of_the_gap_and_is_exposed(iran: Assessment) -> None:
    assert iran.attribution[0].supporter == "CHN"
    china = next(x for x in iran.lifelines if (x.supporter, x.channel) == ("CHN", "shielded"))
    assert 0.0 < china.q_star.central < 1.0
    assert 20.0 < china.exposure.central < 80.0
    assert any("discount" in line for line in china.made_of)


def test_the_sender_pays_more_when_others_answer(iran: Assessment) -> None:
    cost = {c.case: c.real_income.central for c in iran.costs if c.who == "USA"}
    assert cost["carried out in full, matched retaliation"] > cost["carried out in full, no retaliation"]


def test_every_check_of_the_run_holds(iran: Assessment) -> None:
    assert [c.law for c in iran.checks if not c.holds] == []
    assert iran.provenance.worst_residual < 1e-8


def test_the_document_reads_back_the_same_and_obeys_its_schema(iran: Assessment) -> None:
    text = to_json(iran)
    assert to_json(from_dict(json.loads(text))) == text
    assert set(json.loads(text)) == set(schema()["properties"])


def test_frames_and_explanations_come_from_the_same_object(iran: Assessment) -> None:
    from tertius.report.terminal import explain

    frame = iran.to_frame()
    assert len(frame) == len(iran.lifelines)
    assert math.isfinite(float(frame.loc[frame.supporter == "CHN", "q_star"].max()))
    console = Console(record=True, width=100, file=io.StringIO())
    explain(iran, "China", console)
    assert "discount" in console.export_text()


def test_the_public_name_is_the_same_function() -> None:
    assert tertius.assess is assess


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["assess", "Irann", "-m", "secondary_tariff 25% on partners", "--as-of", DATE], "Did you mean"),
        (["assess", "IRN", "-m", "embargo crude_oil exports", "--as-of", DATE], "crude_oil_gas"),
        (["assess", "IRN", "-m", "secondery_tariff 25%", "--as-of", DATE], "secondary_tariff"),
        (["assess", "IRN", "-m", "secondary_tariff 25% on partners", "--as-of", "2026-13-01"], "2026-13-01"),
        (["assess", "IRN", "-s", "IRN", "-m", "embargo all both", "--as-of", DATE], "IRN"),
        (["assess", "IRN", "-m", "tariff 10%", "-m", "tariff 20%", "--as-of", DATE], "tariff"),
        (["assess", "", "-m", "tariff 10%", "--as-of", DATE], "target"),
        (["assess", "IRN", "--as-of", DATE], "--measure"),
        (["assess", "IRN", "-m", "tariff 10%", "--as-of", DATE, "--draws", "5"], "power of two"),
        (["assess", "no-such.yaml"], "no-such.yaml"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_written(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tertius.cli import run

    folder = tmp_path / "report"
    assert run([*arguments, "--quiet", "--report", str(folder)]) == 2
    assert words in capsys.readouterr().err
    assert not folder.exists()


def test_a_broken_document_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tertius.cli import run

    file = tmp_path / "broken.yaml"
    file.write_text("target: IRN\nmeasures: [\n", encoding="utf-8")
    assert run(["assess", str(file), "--quiet"]) == 2
    assert "broken.yaml" in capsys.readouterr().err
