from __future__ import annotations

import csv
import io
import json

import pytest

from tertius.errors import DataError
from tertius.ledger.record import Claim
from tertius.ledger.review import COLUMNS, from_sheet, to_csv, to_jsonl, verdict
from tertius.ledger.store import Ledger

BY = {"reviewer": "desk", "on": "2026-03-01"}


def claim(n: int = 0, **fields: object) -> Claim:
    start = {
        "doc": {"id": f"d{n}", "publisher": "Reuters", "published": "2026-01-10"},
        "span": {"start": 0, "end": 9, "text": "=CMD|rice"},
        "type": "event",
        "event": "AID",
        "target": "CUB",
        "supporter": "CHN",
        "channel": "aid",
        "rule": "aid.send",
        "confidence": 0.4,
    }
    return Claim.model_validate(start | fields)


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path / "l.db") as opened:
        opened.add([claim(n) for n in range(4)])
        yield opened


def edited(sheet: str, **by_row: dict[str, str]) -> str:
    rows = list(csv.DictReader(io.StringIO(sheet)))
    for number, cells in by_row.items():
        rows[int(number[1:])] |= cells
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_a_rejected_claim_no_longer_counts_but_stays(ledger: Ledger) -> None:
    ledger.add([verdict(claim(1), "reject", **BY, note="no such shipment")])
    assert claim(1).id not in {c.id for c in ledger.claims()}
    assert ledger.statuses() == {"rejected": 1, "standing": 3, "verdict": 1}
    assert ledger.history(claim(1).id)[0].claim == claim(1)
    (kept,) = ledger.claims(status=("verdict",))
    assert kept.summary == "no such shipment"
    assert kept.attribution[-1].name == "desk"


def test_a_correction_is_its_own_statement_and_takes_the_place(ledger: Ledger) -> None:
    changes = {"channel": "open", "value.central": "4800", "value.unit": "t", "about.start": "2026-01"}
    better = verdict(claim(2), "correct", **BY, changes=changes)
    assert better.id != claim(2).id
    assert (better.channel, better.value.central, better.about.start) == ("open", 4800, "2026-01")
    assert better.said == "2026-01-10"
    assert better.span == claim(2).span
    ledger.add([better])
    standing = {c.id for c in ledger.claims()}
    assert better.id in standing
    assert claim(2).id not in standing
    assert ledger.history(claim(2).id)[0].claim.channel == "aid"


def test_handing_a_decision_in_twice_changes_nothing(ledger: Ledger) -> None:
    decisions = [
        verdict(claim(1), "accept", **BY),
        verdict(claim(2), "correct", **BY, changes={"stage": "delivered"}),
    ]
    ledger.add(decisions)
    before = ledger.digest()
    assert ledger.add(decisions).known == 2
    assert ledger.digest() == before


def test_decisions_hold_when_the_claim_arrives_after_them(tmp_path) -> None:
    with Ledger.open(tmp_path / "x.db") as other:
        other.add([verdict(claim(1), "reject", **BY)])
        other.add([claim(1)])
        assert other.claims() == []


def test_a_correction_of_nothing_or_of_an_unknown_field_is_refused() -> None:
    with pytest.raises(DataError, match="at least one"):
        verdict(claim(), "correct", **BY)
    with pytest.raises(DataError, match='Did you mean "channel"'):
        verdict(claim(), "correct", **BY, changes={"chanel": "open"})
    with pytest.raises(DataError, match="channel"):
        verdict(claim(), "correct", **BY, changes={"channel": "secret"})


@pytest.mark.parametrize("write", [to_csv, to_jsonl])
def test_an_untouched_sheet_decides_nothing(write) -> None:
    claims = {c.id: c for c in (claim(n, value={"central": -3, "unit": "per cent"}) for n in range(3))}
    sheet = from_sheet(write(claims.values()), claims, **BY)
    assert (sheet.statements, sheet.undecided) == ((), 3)


def test_a_csv_sheet_comes_back_as_statements(ledger: Ledger) -> None:
    known = {c.id: c for c in ledger.claims()}
    order = list(known)
    sheet = edited(
        to_csv(known.values()),
        r0={"decision": "accept"},
        r1={"decision": "Reject", "note": "wrong island"},
        r2={"decision": "correct", "stage": "delivered", "channel": ""},
    )
    read = from_sheet(sheet, known, **BY)
    assert read.undecided == 1
    ledger.add(read.statements)
    assert ledger.statuses() == {"accepted": 1, "corrected": 1, "rejected": 1, "standing": 2, "verdict": 2}
    corrected = next(s for s in read.statements if s.links[-1].relation == "corrects")
    assert (corrected.stage, corrected.channel) == ("delivered", None)
    assert corrected.links[-1].to == order[2]


def test_a_correct_row_without_a_change_is_refused_with_its_line() -> None:
    claims = {claim().id: claim()}
    with pytest.raises(DataError, match=r"s\.csv:2: .*at least one"):
        from_sheet(edited(to_csv(claims.values()), r0={"decision": "correct"}), claims, **BY, name="s.csv")


def test_all_bad_rows_are_reported_and_nothing_is_decided() -> None:
    claims = {c.id: c for c in (claim(1), claim(2), claim(3))}
    sheet = edited(
        to_csv(claims.values()),
        r0={"decision": "acept"},
        r1={"decision": "accept", "id": "nothing"},
        r2={"decision": "correct", "value.central": "many"},
    )
    with pytest.raises(DataError) as caught:
        from_sheet(sheet, claims, **BY)
    assert [p.split(":")[1] for p in caught.value.problems] == ["2", "3", "4", "4"]  # no number, and no unit
    assert 'Did you mean "accept"' in caught.value.problems[0]


def test_a_jsonl_sheet_works_the_same_way() -> None:
    claims = {claim().id: claim()}
    row = json.loads(to_jsonl(claims.values())) | {"decision": "correct", "target": "VEN"}
    (statement,) = from_sheet(json.dumps(row), claims, **BY).statements
    assert statement.target == "VEN"
    with pytest.raises(DataError, match="not JSON"):
        from_sheet('{"decision": ', claims, **BY)


def test_text_from_outside_is_no_formula_in_a_spreadsheet() -> None:
    row = next(csv.DictReader(io.StringIO(to_csv([claim()]))))
    assert row["text"].startswith("'=")
    minus = next(csv.DictReader(io.StringIO(to_csv([claim(value={"central": -3, "unit": "per cent"})]))))
    assert minus["value.central"] == "-3.0"


def test_a_sheet_without_its_columns_is_refused() -> None:
    with pytest.raises(DataError, match="no column decision or id"):
        from_sheet("a,b\n1,2\n", {}, **BY)
