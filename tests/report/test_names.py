"""The words of the page."""

from __future__ import annotations

import pytest

from tertius.report.names import Names, short, words


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("CHN shielded", "China, shielded"),
        ("MEX open", "Mexico, open"),
        ("pool: deterred", "61 other economies, deterred"),
        ("0.77 fraction", "0.77 fraction"),
        ("threat carried out", "threat carried out"),
        ("IRQ", "Iraq"),
    ],
)
def test_codes_become_names_and_sentences_stay(assessment, key, name):
    assert Names(assessment).broken(key) == name


def test_topics_needs_and_keys_are_read_out(assessment):
    names = Names(assessment)
    assert names.topic("IRN.oil_exports") == "Iran: oil exports"
    assert names.topic("a claim. And another") == "a claim. And another"
    assert names.payer("TST: food") == "food"
    assert names.payer("CHN") == "China"
    assert words("target_loss_pct") == "target loss, %"
    assert words("by_supplier") == "by supplier"


def test_a_long_name_is_cut_at_a_word():
    assert short("Venezuela, Bolivarian Republic of", 20) == "Venezuela…"
    assert len(short("A Quite Long Name of a Country", 12)) <= 12
