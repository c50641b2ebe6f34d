"""Which read claims count: a known voice, in time, with a number, and not one that passes another's number on."""

from __future__ import annotations

import pytest

from tertius.errors import DataError, InputError
from tertius.ledger import hearing, load_curated
from tertius.ledger.brought_in import read_ledger
from tertius.ledger.exchange import export_jsonl, export_parquet
from tertius.ledger.hearing import Read, hear
from tertius.ledger.intervals import level
from tertius.ledger.record import Claim
from tertius.ledger.store import Ledger

CRUDE = "IRN.china_oil_imports_kbd"
DAY = "2026-02-12"


def number(given: float = 690, **fields: object) -> Claim:
    start = {
        "doc": {"id": "a-text", "publisher": "Reuters", "published": "2026-02-10"},
        "type": "statistic",
        "key": f"{given}{fields}",
        "topic": CRUDE,
        "supporter": "CHN",
        "target": "IRN",
        "channel": "shielded",
        "stage": "delivered",
        "origin": "Kpler",
        "basis": "measured",
        "about": {"start": "2026-01", "end": "2026-01"},
        "value": {"low": given, "central": given, "high": given, "unit": "kb/d"},
        "confidence": 0.7,
    }
    return Claim.model_validate(start | fields)


def doc(publisher: str, published: str = "2026-02-11") -> dict[str, str]:
    return {"id": f"text of {publisher}", "publisher": publisher, "published": published}


def reason(claim: Claim, *others: Claim) -> str:
    return hear(Read.of([*others, claim]), load_curated(), DAY).unused.get(claim.id, "")


def test_a_new_number_of_a_known_publisher_counts() -> None:
    assert [c.id for c in hear(Read.of([number()]), load_curated(), DAY).claims] == [number().id]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"doc": doc("A blog nobody knows")}, hearing.QUARANTINED),
        ({"doc": doc("")}, hearing.QUARANTINED),
        ({"doc": doc("Reuters", "2026-02-13")}, hearing.LATE),
        ({"doc": doc("Reuters", "")}, hearing.LATE),
        ({"negated": True}, hearing.PROMISED),
        ({"stage": "announced"}, hearing.PROMISED),
        ({"modality": "forecast"}, hearing.PROMISED),
        ({"topic": "", "value": None}, hearing.NUMBERLESS),
        ({"about": None}, hearing.TIMELESS),
        ({"relay_of": "0" * 40}, hearing.RELAY),
    ],
)
def test_what_does_not_count_is_set_aside_with_its_reason(fields, why) -> None:
    assert reason(number(**fields)) == why


def test_an_embedded_claim_counts_once() -> None:
    assert reason(load_curated()[0]) == hearing.KNOWN


@pytest.mark.parametrize("value", [690, 700])
def test_the_same_number_of_the_same_voice_in_another_paper_is_a_relay(value) -> None:
    assert reason(number(value, doc=doc("Bloomberg")), number()) == hearing.RELAY


def test_a_paper_that_names_the_first_paper_as_its_source_is_a_relay() -> None:
    told = number(700, doc=doc("Bloomberg"), origin="", attribution=[{"name": "Reuters"}], basis="reported")
    assert reason(told, number()) == hearing.RELAY


def test_a_relay_of_an_embedded_number_is_one_too() -> None:
    told = number(1400, doc=doc("Bloomberg"), about={"start": "2025", "end": "2025"})
    assert reason(told) == hearing.RELAY


def test_another_voice_with_the_same_number_is_no_relay() -> None:
    assert reason(number(doc=doc("Bloomberg"), origin="Vortexa"), number()) == ""


def change(per_cent: float, name: str = "IRN.oil_sales_recent_change_pct", **fields: object) -> Claim:
    value = {"low": per_cent, "central": per_cent, "high": per_cent, "unit": "per cent"}
    return number(0, topic=name, value=value, key="a change", **fields)


def test_a_change_becomes_the_level_it_leads_to() -> None:
    (found,) = hear(Read.of([change(-50)]), load_curated(), DAY).claims
    before = level(load_curated(), CRUDE, "CHN", as_of=DAY)
    assert before is not None
    assert found.topic == CRUDE
    assert found.id == change(-50).id
    assert found.value is not None
    assert found.value.central == pytest.approx(0.5 * before.central)


def test_a_change_over_the_year_before_starts_from_that_year() -> None:
    about = {"start": "2025", "end": "2025"}
    (found,) = hear(
        Read.of([change(-10, "IRN.oil_sales_change_pct", supporter="", about=about)]), load_curated(), DAY
    ).claims
    base = level(load_curated(), "IRN.oil_exports_kbd", as_of=DAY, year=2024)
    assert base is not None
    assert base.year == 2024
    assert found.value is not None
    assert found.value.central == pytest.approx(0.9 * base.central)


def test_a_change_of_a_level_nobody_gives_is_set_aside() -> None:
    assert reason(change(-50, supporter="PAK")) == hearing.BASELESS


def test_an_unmeasured_number_of_a_newer_year_widens_the_ends_alone() -> None:
    rumour = number(500, origin="", basis="reported")
    before, after = (level(c, CRUDE, "CHN", as_of=DAY) for c in (load_curated(), [*load_curated(), rumour]))
    assert before is not None
    assert after is not None
    assert (after.central, after.year, after.high) == (before.central, before.year, before.high)
    assert after.low == 500 < before.low


def test_a_measured_number_of_a_newer_year_is_the_level() -> None:
    after = level([*load_curated(), number()], CRUDE, "CHN", as_of=DAY)
    assert after is not None
    assert (after.year, after.central, after.judged) == (2026, 690, False)


# -- files ---------------------------------------------------------------------------------------------


def test_a_ledger_file_is_told_by_its_content(tmp_path) -> None:
    claims = [number(), number(700, doc=doc("A blog nobody knows"))]
    with Ledger.open(tmp_path / "one") as ledger:
        ledger.add(claims)
    export_jsonl(claims, tmp_path / "two")
    export_parquet(claims, tmp_path / "three")
    for name in ("one", "two", "three"):
        heard = hear(read_ledger(tmp_path / name, "IRN"), load_curated(), DAY)
        assert [c.id for c in heard.claims] == [claims[0].id], name
        assert set(heard.unused.values()) == {hearing.QUARANTINED}, name


def test_a_publisher_that_the_user_admitted_counts(tmp_path) -> None:
    blog = number(doc=doc("A blog nobody knows"))
    with Ledger.open(tmp_path / "mine") as ledger:
        ledger.add([blog])
        ledger.admit("A blog nobody knows")
    assert hear(read_ledger(tmp_path / "mine"), load_curated(), DAY).claims == (blog,)


def test_bad_ledger_files_are_refused(tmp_path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_ledger(tmp_path / "none")
    (tmp_path / "empty").touch()
    with pytest.raises(DataError, match="is empty"):
        read_ledger(tmp_path / "empty")
    (tmp_path / "text").write_text("hello\n")
    with pytest.raises(DataError, match="text:1"):
        read_ledger(tmp_path / "text")
