from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tertius.errors import DataError
from tertius.ledger.record import (
    Claim,
    Doc,
    Interval,
    Link,
    Span,
    last_day,
    last_day_of,
    read_jsonl,
    write_jsonl,
)
from tertius.ledger.sentence import quoting


def claim(**fields: object) -> Claim:
    return Claim.model_validate({"doc": {"id": "d", "published": "2026-01-14"}, "type": "claim"} | fields)


def test_a_record_survives_jsonl_byte_for_byte() -> None:
    one = claim(
        span={"start": 3, "end": 9, "text": "Pékin "},
        actors=[{"text": "Pékin", "code": "CHN", "how": "metonym"}],
        support={"from": "CHN", "to": ["IRN"], "polarity": "no_support"},
        claim={"predicate": "tie_trend", "value": "limited"},
        value={"low": 1, "high": 2.5, "unit": "kb/d"},
    )
    line = one.to_json()
    assert Claim.from_json(line) == one
    assert Claim.from_json(line).to_json() == line
    assert '"schema":"tertius-claim/1"' in line
    assert "Pékin" in line


def test_the_id_hangs_on_document_span_event_and_key_only() -> None:
    one = claim(span={"start": 0, "end": 4, "text": "tool"}, event="AID")
    same = claim(span={"start": 0, "end": 4, "text": "tool"}, event="AID", confidence=0.9, target="IRN")
    assert one.id == same.id
    assert one.digest() != same.digest()
    others = [
        claim(span={"start": 1, "end": 4, "text": "ool"}, event="AID"),
        claim(span={"start": 0, "end": 4, "text": "tool"}, event="CONSULT"),
        claim(span={"start": 0, "end": 4, "text": "tool"}, event="AID", key="2"),
        claim(doc={"id": "e"}, span={"start": 0, "end": 4, "text": "tool"}, event="AID"),
    ]
    assert len({one.id, *(other.id for other in others)}) == 5


def test_a_forged_id_and_an_unknown_field_are_refused() -> None:
    with pytest.raises(ValidationError, match="is not the hash"):
        claim(id="0" * 40)
    with pytest.raises(ValidationError, match="Extra inputs"):
        claim(suporter="CHN")


def test_an_interval_is_ordered_and_not_empty() -> None:
    with pytest.raises(ValidationError, match="low <= central <= high"):
        Interval(low=2, central=1, unit="t")
    with pytest.raises(ValidationError, match="at least one"):
        Interval(unit="t")
    assert Interval(low=0.8, unit="fraction").high is None


@pytest.mark.parametrize(
    ("text", "day"),
    [("2025", "2025-12-31"), ("2024-02", "2024-02-29"), ("2025-12", "2025-12-31"), ("2026-01-13",) * 2],
)
def test_what_was_said_in_a_month_is_known_for_certain_at_its_end(text: str, day: str) -> None:
    assert str(last_day(text)) == day


def test_an_undated_claim_was_never_known() -> None:
    assert not claim(doc={"id": "d"}).known_at("2030-01-01")
    assert claim().known_at("2026-01-14")
    assert not claim().known_at("2026-01-13")
    assert not claim(said="2026-02").known_at("2026-02-27")


@pytest.mark.parametrize("text", ["13 Jan 2026", "2026-13", "2026-02-30", "2026-1-3", ""])
def test_a_bad_as_of_date_is_named(text: str) -> None:
    with pytest.raises(DataError, match="as-of date"):
        last_day_of(text)


def test_every_bad_line_of_a_file_is_reported_at_once(tmp_path) -> None:
    good = claim().to_json()
    bad = json.dumps(json.loads(good) | {"channel": "secret"})
    file = tmp_path / "claims.jsonl"
    file.write_text(f"{good}\nnot json\n{bad}\n")
    with pytest.raises(DataError) as caught:
        read_jsonl(file)
    assert [p.split(": ")[0] for p in caught.value.problems] == [f"{file}:2", f"{file}:3"]
    file.write_text(write_jsonl([claim(), claim(key="b")]))
    assert [c.key for c in read_jsonl(file)] == ["", "b"]


def test_a_changed_copy_is_validated_and_keeps_the_original() -> None:
    one = claim(links=[Link(to="x", relation="updates")])
    other = one.changed(key="b", channel="aid")
    assert (one.channel, other.channel) == (None, "aid")
    assert other.links == one.links
    with pytest.raises(ValidationError):
        one.changed(channel="secret")


@given(st.text(max_size=60), st.floats(-1e12, 1e12), st.integers(0, 10**6))
def test_any_text_and_number_comes_back_the_same(text: str, number: float, start: int) -> None:
    one = Claim(
        doc=Doc(id=text),
        span=Span(start=start, end=start + len(text), text=text),
        type="event",
        value=Interval(central=number, unit=text),
    )
    assert Claim.from_json(one.to_json()).to_json() == one.to_json()


# -- the sentence of a read claim --------------------------------------------------------------------

TEXT = "Before it. China shipped rice to Peru. After it."
AT = {"start": 11, "end": 38}


def test_a_claim_takes_its_one_sentence_with_it_and_keeps_its_id() -> None:
    bare = claim(span={"start": 25, "end": 29, "text": "rice"}, sentence=AT)
    quoted = quoting(bare, TEXT)
    assert isinstance(quoted.sentence, Span)
    assert quoted.sentence.text == "China shipped rice to Peru."
    assert quoted.id == bare.id
    line = quoted.to_json()
    assert '"schema":"tertius-claim/2"' in line
    assert Claim.from_json(line) == quoted
    assert Claim.from_json(line).to_json() == line
    assert quoted.changed(confidence=0.9).sentence == quoted.sentence


def test_a_record_without_the_text_of_its_sentence_stays_of_the_first_version() -> None:
    line = claim(span={"start": 25, "end": 29, "text": "rice"}, sentence=AT).to_json()
    assert '"schema":"tertius-claim/1"' in line
    assert '"sentence":{"start":11,"end":38}' in line
    assert Claim.from_json(line).to_json() == line


def test_what_is_no_sentence_is_not_kept() -> None:
    span = {"start": 25, "end": 29, "text": "rice"}
    whole = claim(span=span, sentence={"start": 0, "end": 2000})
    aside = claim(span=span, sentence={"start": 0, "end": 10})
    for one, text in ((whole, TEXT * 100), (aside, TEXT), (claim(span=span), TEXT), (claim(), TEXT)):
        assert quoting(one, text) is one
    other = claim(span=span, sentence=AT)
    assert quoting(other, "Another text. " + TEXT) is other
