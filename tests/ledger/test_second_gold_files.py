"""The second gold is well formed: spans hold the words that were coded. Scores are printed by its own script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

SECOND = Path(__file__).parent / "gold" / "second"
TYPES = {
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
}


def coded(part: str) -> list[tuple[str, dict[str, Any]]]:
    texts = [
        (path.with_name(gold["file"]).read_bytes().decode("utf-8"), gold)
        for path in sorted((SECOND / part).glob("*.gold.json"))
        for gold in [json.loads(path.read_text(encoding="utf-8"))]
    ]
    lines = (SECOND / part / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
    return texts + [(gold["text"], gold) for gold in map(json.loads, lines)]


@pytest.mark.parametrize(("part", "articles", "sentences"), [("dev", 6, 50), ("heldout", 4, 30)])
def test_each_part_has_its_articles_and_sentences(part: str, articles: int, sentences: int) -> None:
    golds = [gold for _, gold in coded(part)]
    assert [sum("file" in g for g in golds), sum("tests" in g for g in golds)] == [articles, sentences]


@pytest.mark.parametrize("part", ["dev", "heldout"])
def test_every_span_holds_the_words_that_were_coded(part: str) -> None:
    for text, gold in coded(part):
        for item in [*gold["events"], *gold["dates"], *gold["quantities"]]:
            assert text[slice(*item["span"])] == item["words"] != ""
        for start, end, _ in gold["mentions"]:
            assert text[start].isupper()
            assert start < end <= len(text)
        for event in gold["events"]:
            if "speaker" in event:
                assert text[slice(*event["speaker"]["span"])].strip()


@pytest.mark.parametrize("part", ["dev", "heldout"])
def test_events_have_types_and_required_ones_a_side(part: str) -> None:
    for _, gold in coded(part):
        for event in gold["events"]:
            assert {event["event"], *event["alt"]} - {""} <= TYPES
            assert event["optional"] or (event["event"] and (event["actors"] or event["recipients"]))


def test_the_sentences_cover_every_event_type_in_both_parts() -> None:
    for part in ("dev", "heldout"):
        assert {gold["tests"] for _, gold in coded(part) if "tests" in gold} == TYPES | {"none"}


def test_no_text_is_in_both_parts() -> None:
    assert not {text for text, _ in coded("dev")} & {text for text, _ in coded("heldout")}
