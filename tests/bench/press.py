"""A folder of made-up articles, as many as wanted, one in a hundred of them not readable.

Sentences come from templates with countries, goods, amounts, dates and sources drawn at random, in the length and mix of
a news page: acts, denials, quotations, figures, and background that names nobody. Bad files: empty, binary, in an
undeclared encoding, one line of 50 MB, hostile HTML, a malformed feed.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORDS = 600
STATES = (
    "Iran Iranian Tehran|China Chinese Beijing|Russia Russian Moscow|Cuba Cuban Havana|Mexico Mexican -|"
    "India Indian -|Turkey Turkish Ankara|Venezuela Venezuelan Caracas|Japan Japanese Tokyo|Brazil Brazilian Brasilia|"
    "Egypt Egyptian Cairo|Ethiopia Ethiopian -|Vietnam Vietnamese Hanoi|Poland Polish Warsaw|Kenya Kenyan Nairobi|"
    "Pakistan Pakistani Islamabad|Belarus Belarusian Minsk|Algeria Algerian -|Norway Norwegian Oslo|Peru Peruvian Lima|"
    "Israel Israeli -|France French Paris|Germany German Berlin|Indonesia Indonesian Jakarta|Serbia Serbian Belgrade"
)
GOODS = "crude oil|diesel|wheat|rice|solar panels|machine tools|drones|ammunition|fertiliser|medicine|turbines|spare parts"
PLACES = "port|refinery|rail line|border post|free zone|power plant|shipyard|gas terminal"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAYS = "on Monday|on Tuesday|on Wednesday|last week|earlier this month|in {month}|on the {day}th|yesterday|last year"
SOURCES = (
    "a {a1} official|the {a1} foreign ministry|a spokesperson for the {a2} government|two traders|a {a2} diplomat|"
    "customs data|analysts at a shipping house|the ministry of trade in {c1}|people with knowledge of the talks"
)
ACTS = (
    "{c1} shipped {n} tonnes of {good} to {c2} {when}, {src} said, in the largest delivery since {month} {year}.",
    "{src} said {when} that {c1} had agreed to lend {c2} ${m} million for a {place} on the coast.",
    "{c1} imposed new sanctions on {m} {a2} companies {when}, accusing them of moving {good} under false papers.",
    "The {a1} president met his {a2} counterpart in {p1} {when} to discuss trade in {good} and the reopening of a {place}.",
    "{c2} accused {c1} of holding back {good} that had been paid for, a charge {p1} rejected as groundless.",
    "{c1} has not sent any {good} to {c2} since {month} {year}, according to {src}.",
    "{c1} stopped short of offering {c2} help beyond words, and its banks have been reluctant to clear payments.",
    "Imports of {good} by {c1} from {c2} fell {m} per cent in {month} to {n} tonnes, {src} showed.",
    "The two sides signed a memorandum on {good} in {p1} {when}, though no amounts were made public.",
    "{c1} threatened to close its border to {a2} lorries unless {p2} released a cargo of {good} seized {when}.",
    "Both countries are expected to hold naval exercises near the {place} in {month}, {src} said.",
    "“We will not give up the right to trade with {c2},” {src} told reporters {when}.",
    "{c2}, which buys about {m} per cent of its {good} from {c1}, called on {p1} to lift the restrictions.",
    "The talks between {c1}, {c2} and {c3} on {good} broke down {when} after {p1} withdrew its delegation.",
    "{c3} has offered to mediate between {c1} and {c2}, but neither government has accepted so far.",
    "Police in {p2} arrested {m} people {when} at a protest over shortages of {good}.",
    "{a1} tankers carried {n} barrels a day of {good} to {c2} in {month}, up from the year before, {src} estimated.",
    "{c1} condemned the {a2} strike on a {place} and demanded that the United Nations take up the matter.",
    "A {m}-million-dollar credit from {c1}, promised in {year}, has yet to reach {c2}.",
    "The {a3} central bank froze accounts of a {a2} trader {when} at the request of {c1}.",
    "{c1} withdrew its ambassador from {p2} {when} in protest at the seizure of a ship loaded with {good}.",
    "Its supplies of {good} were promised to {c2} in {month}, but {c1} says that the ships never left port.",
    "{c1} will deploy {m} soldiers along the frontier with {c2}, {src} said {when}.",
    "Trade between {c1} and {c2} reached ${m} billion in {year}, {n} times what {c3} sold to either of them in goods.",
    "{c1} praised {c2} for its support {when} and said that ties were deepening despite pressure from {c3}.",
)
BACKGROUND = (
    "Prices at the pump have risen for the fourth month in a row, and queues at filling stations now last most of the day.",
    "The harbour was built half a century ago and can take only small ships, so cargo has to be moved by barge at high tide.",
    "Freight rates on the route doubled within weeks, insurers asked for more, and several owners kept their vessels away.",
    "Shopkeepers in the old town say that they have learned to live with power cuts that come without any warning.",
    "Economists doubt that the budget can bear another year of subsidies, and the deficit was {m} per cent of output in {year}.",
    "The project, first drawn up in {year}, was to cost ${m} million and to be finished within three years.",
    "Rain in {month} spoiled a good part of the harvest, and storage is short in the provinces of the interior.",
    "Households with relatives abroad fare better, since money sent home buys what the ration card no longer does.",
    "It is not clear who would pay for the repairs, how long they would take, or whether the old contracts still hold.",
    "Some of the cargo was stored in tanks near the {place}, where {n} tonnes of {good} were counted in {month}.",
)
_SLOT = re.compile(r"{(\w+)}")


def write(folder: Path, count: int, *, seed: int = 1, longest: int = 50_000_000) -> int:
    """Fill a folder with `count` articles and bad files; returns how many are bad.

    Parameters
    ----------
    seed : the same one gives the same bytes.
    longest : bytes of the one-line file; only every tenth file of that kind is so long, the rest hold two megabytes.
    """
    draw = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    kinds, bad = _bad(longest), 0
    for number in range(count):
        inside = folder / f"{number // 1000:03d}"
        inside.mkdir(exist_ok=True)
        if number % 100 == 37:
            name, content = list(kinds.items())[bad % len(kinds)]
            (inside / f"{number:06d}-{name}").write_bytes(content(bad // len(kinds)))
            bad += 1
        else:
            text = article(draw)
            (inside / f"{number:06d}.{'html' if number % 10 == 3 else 'txt'}").write_text(
                _page(text) if number % 10 == 3 else text, encoding="utf-8"
            )
    return bad


def article(draw: random.Random, words: int = WORDS) -> str:
    """One article: paragraphs of one to three sentences about three states."""
    cast = draw.sample(STATES.split("|"), 3)
    paragraphs, length = [], 0
    while length < words:
        paragraph = " ".join(_sentence(draw, cast) for _ in range(draw.randint(1, 3)))
        paragraphs.append(paragraph)
        length += len(paragraph.split())
    return "\n\n".join(paragraphs) + "\n"


def _sentence(draw: random.Random, cast: list[str]) -> str:
    order = draw.sample(cast, 3)
    values = {"good": draw.choice(GOODS.split("|")), "place": draw.choice(PLACES.split("|"))}
    for place, state in enumerate(order, 1):
        name, adjective, capital = state.split()
        values |= {
            f"c{place}": name,
            f"a{place}": adjective,
            f"p{place}": name if capital == "-" else capital,
        }
    values |= {"month": draw.choice(MONTHS.split("|")), "year": str(draw.randint(2012, 2025))}
    values |= {
        "day": str(draw.randint(4, 19)),
        "n": f"{draw.randint(2, 900)},000",
        "m": str(draw.randint(2, 95)),
    }
    values |= {"when": draw.choice(DAYS.split("|")), "src": draw.choice(SOURCES.split("|"))}
    text = draw.choice(BACKGROUND if draw.random() < 0.3 else ACTS)
    for _ in range(2):  # a slot can hold slots
        text = _SLOT.sub(lambda slot: values[slot[1]], text)
    text = re.sub(r"\b(a|A) (?=[AEIO])", r"\1n ", text)
    return text[0].upper() + text[1:]


def _page(text: str) -> str:
    body = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    head = '<title>A day in trade</title><meta property="article:published_time" content="2025-11-20">'
    return (
        f"<!doctype html><html><head>{head}<script>track()</script></head><body><nav>Home</nav>"
        f"<article>{body}</article><footer>All rights reserved</footer></body></html>"
    )


def _bad(longest: int) -> dict[str, Callable[[int], bytes]]:
    """What no reader can read, by file name."""
    noise = random.Random(0).randbytes(4096)
    nested = b"<html><body>" + b"<div>" * 40_000 + b"Iran" + b"</div>" * 40_000 + b"</body></html>"
    scripts = (
        b"<html><body onload=evil()>"
        + b"<script>alert('Iran sent oil to China')</script>" * 2000
        + b"</body></html>"
    )
    return {
        "empty.txt": lambda _: b"",
        "binary.txt": lambda _: noise,
        "latin.txt": lambda n: f"México envió {n} barriles de petróleo a Cuba.".encode("latin-1"),
        "oneline.txt": lambda n: b"Iran sold oil to China and " * ((2_000_000 if n % 10 else longest) // 27),
        "nested.html": lambda _: nested,
        "scripts.html": lambda _: scripts,
        "feed.xml": lambda n: f"<?xml version='1.0'?><rss><channel><item {n}<title>Iran".encode(),
        "bomb.xml": lambda _: (
            b"<?xml version='1.0'?><!DOCTYPE b [<!ENTITY a 'Iran'><!ENTITY b '&a;&a;'>]><rss>&b;</rss>"
        ),
    }
