"""What a ledger of the user's own moved, on the report and on the ledger page."""

from __future__ import annotations

import re

import pytest

from tertius.leverage.assessment import Before, Moved, MovedTopic, Quantity, Unused
from tertius.report import moved, numbers
from tertius.report.html import page, pages
from tertius.report.sources import basis
from tertius.world.shadow import read_entries


def pair(before: float, after: float, unit: str = "fraction", what: str = "") -> Before:
    first, then = (Quantity(0.8 * x, x, 1.2 * x, unit, 2023) for x in (before, after))
    return Before(what, first, then)


@pytest.fixture(scope="module")
def told(synthetic):
    made = synthetic.make()
    keys = {claim["key"]: key for key, claim in made.claims.items()}
    topic = MovedTopic(
        "IRN.china_share_of_oil_exports",
        "CHN",
        "China's share <b>of oil</b>",
        (keys["tracker"],),
        pair(0.5, 0.9),
        (pair(20, 30, "bn USD a year", "shadow trade"),),
        pair(0.19, 0.21),
        pair(4.6, 4.9, "per cent"),
        "The shielded lifeline carries more.",
    )
    everything = MovedTopic(
        "all",
        "",
        "all",
        (keys["tracker"],),
        None,
        (),
        pair(0.19, 0.22),
        pair(4.6, 4.6, "per cent"),
        "At once.",
    )
    unused = (
        Unused("the topic feeds no number", 40, (keys["nasty"],)),
        Unused("said after the date", 1, ("feed" * 10,)),
    )
    return synthetic.make(moved=Moved(44, (topic,), everything, unused, "Central case only.")), keys


def test_the_report_says_what_moved_how_far_and_why(told):
    assessment, keys = told
    text = page(assessment)
    section = text[text.index('<section id="moved"') :].partition("</section>")[0]
    for words in (
        "44 claims were read",
        "Central case only.",
        "The shielded lifeline carries more.",
        "At once.",
    ):
        assert words in section
    assert "<b>19</b>" in section
    assert "<b>21</b>" in section
    assert "20 [16–24] → 30 [24–36] bn USD 2023 a year" in re.sub("<[^>]+>", "", section)
    assert f"ledger.html#claim-{keys['tracker']}" in section
    assert "40 claims" in section
    assert "The topic feeds no number" in section
    assert "<code>feedfeed</code>" in section
    assert "China&#39;s share &lt;b&gt;of oil&lt;/b&gt;" in section


def test_a_record_says_what_it_moved_or_why_it_moved_nothing(told):
    assessment, keys = told
    text = pages(assessment)["ledger.html"]
    tracker, nasty, ninety = (
        text[text.index(f'id="claim-{keys[key]}"') :].partition("\n</li>")[0]
        for key in ("tracker", "nasty", "ninety")
    )
    assert 'href="index.html#moved-IRN-china-share-of-oil-exports-CHN"' in tracker
    assert (
        "L(5 %) 19 [15–23] → 21 [17–25] %, 2023" in tracker or "L(5 %) 19 [15–23] → 21 [17–25] %" in tracker
    )
    assert "moved nothing: the topic feeds no number" in nasty
    assert "Moved" not in ninety


def test_every_link_about_what_moved_arrives(told):
    made = pages(told[0])
    ids = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in made.items()}
    for name, text in made.items():
        for goal, anchor in re.findall(r'href="((?:index|ledger)\.html)?#([^"]+)"', text):
            assert anchor in ids[goal or name]
    assert len(re.findall(r'\bid="', made["index.html"])) == len(ids["index.html"])


def test_without_a_ledger_of_the_users_own_the_report_is_silent(assessment):
    text = page(assessment)
    assert 'id="moved"' not in text
    assert "your ledger" not in text


def test_a_ledger_that_moved_nothing_is_told_in_a_line(synthetic):
    nothing = Moved(3, (), None, (Unused("no claim is about a number", 3, ()),), "")
    text = page(synthetic.make(moved=nothing))
    assert "None of them moved a number." in text
    assert "No claim is about a number" in text
    assert moved.table(synthetic.make(moved=nothing)) is None


def test_a_move_smaller_than_the_digits_is_not_called_standing_still():
    assert moved.changed(pair(0.19, 0.19)) == "stays at 19 [15–23] %"
    assert moved.changed(pair(0.19, 0.190001)) == "stays at 19 [15–23] % in the digits shown"


# -- shadow trade that a ledger moved ----------------------------------------------------------------


def kbd(before: float, after: float, name: str) -> Before:
    first, then = (Quantity(0.8 * x, x, 1.2 * x, "kb/d", 2023, (f"shadow:{name}",)) for x in (before, after))
    return Before(f"shadow:{name}: crude", first, then)


@pytest.fixture(scope="module")
def followed(synthetic):
    """One topic halves an entry, a second one halves it again; a third makes an entry of its own."""
    made = synthetic.make()
    keys = {claim["key"]: key for key, claim in made.claims.items()}
    shipped = next(e for e in read_entries() if e.id == "irn-crude-chn").kbd["central"]
    new = "read-irn-ind-crude_oil_gas"

    def topic(name: str, key: str, *fed: Before) -> MovedTopic:
        answers = pair(0.19, 0.21), pair(4.6, 4.9, "per cent")
        return MovedTopic(name, "", f"{name} in words", (keys[key],), pair(1, 2), fed, *answers, "Why.")

    topics = (
        topic("first", "tracker", kbd(shipped, shipped / 2, "irn-crude-chn")),
        topic("second", "ninety", kbd(shipped, shipped / 2, "irn-crude-chn")),
        topic("third", "nasty", kbd(0, 150, new)),
    )
    whole = (kbd(shipped, shipped / 4, "irn-crude-chn"), kbd(0, 150, new))
    together = MovedTopic("all", "", "all", (), None, whole, pair(0.1, 0.2), pair(4, 5, "per cent"), "All.")
    days = {"days": Quantity(1, 2, 3, "days", 2025, (f"shadow:{new}",))}
    return synthetic.make(moved=Moved(3, topics, together, (), ""), days_of_cover=days), keys


def test_a_moved_entry_shows_what_the_run_used_with_every_topic_in_and_the_shipped_before(followed):
    assessment, keys = followed
    entry = next(e for e in read_entries() if e.id == "irn-crude-chn")
    found = basis("shadow:irn-crude-chn", assessment)
    facts = dict(found.facts)
    shipped = numbers.number(entry.value["central"] / 1e3)
    used = numbers.number(entry.price["central"] * entry.kbd["central"] / 4 * 0.365 / 1e3)
    first, then = facts["value"].split(" → ")
    assert first.startswith(f"{shipped} [")
    assert then.startswith(f"{used} [")
    assert facts["volume"].startswith(f"{numbers.number(entry.kbd['central'])} [")
    assert facts["follows what was read about"] == "first in words; second in words"
    assert {keys["tracker"], keys["ninety"]} <= set(found.claims)
    assert keys["nasty"] not in found.claims


def test_an_entry_made_from_what_was_read_has_its_parties_its_value_and_its_claims(followed):
    assessment, keys = followed
    found = basis("shadow:read-irn-ind-crude_oil_gas", assessment)
    assert found.title == "Iran to India, crude oil gas"
    assert dict(found.facts)["value"] == "0 → 150 [120–180] kb/d"
    assert found.claims == (keys["nasty"],)
    assert "which the snapshot&#39;s list does not hold" not in page(assessment)


def test_an_entry_that_nothing_moved_shows_the_shipped_value_alone(assessment):
    facts = dict(basis("shadow:irn-crude-chn", assessment).facts)
    assert "→" not in facts["value"]
    assert "volume" not in facts
