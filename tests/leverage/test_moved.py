"""From an article to the answer: what an article of our own words moves, and what must not move anything."""

from __future__ import annotations

import pytest

from tertius import cli
from tertius.ledger import hearing, load_curated
from tertius.ledger.extract import Article, RuleExtractor
from tertius.ledger.hearing import Read
from tertius.ledger.measured import measured
from tertius.ledger.record import Doc, write_jsonl
from tertius.ledger.select import select
from tertius.ledger.topics import topics
from tertius.leverage import brought as sorting
from tertius.leverage.brought import bring
from tertius.leverage.dispute import disputes
from tertius.leverage.effects import effects_on
from tertius.leverage.moved import Answer, Solver, moved
from tertius.scenario import Scenario
from tertius.world import load_world
from tertius.world.shadow import change_overlay, read_entries

CRUDE = ("IRN.china_oil_imports_kbd", "CHN")
MEASURE = "secondary_tariff 25% on partners of IRN"
HALF = (
    "China's purchases of Iranian crude fell by half in January to about 690,000 barrels a day, according to "
    "tanker tracker Kpler, as refiners held back."
)
RELAY = "China imported some 700,000 barrels per day of Iranian oil in January, Kpler data showed."


def read(text: str, published: str = "2026-02-10", publisher: str = "Reuters"):
    article = Article(
        Doc(id=f"{publisher} {published} {hash(text)}", publisher=publisher, published=published), text
    )
    return measured(article, RuleExtractor().extract(article))


@pytest.fixture(scope="module")
def scenario():
    return Scenario.of("IRN", senders="USA", measures=MEASURE, as_of="2026-02-12")


@pytest.fixture(scope="module")
def half(scenario):
    return bring(read(HALF), scenario, recorded=False)


@pytest.fixture(scope="module")
def solver(half, scenario):
    return Solver(half, scenario, recorded=False)


def reasons(found) -> set[str]:
    return set(found.unused.values())


# -- what moves ----------------------------------------------------------------------------------------


def test_half_the_purchases_halve_the_entry_that_follows_them(half) -> None:
    (change,) = half.changes
    assert change.key == CRUDE
    (fed,) = change.fed
    assert fed.after.central == pytest.approx(fed.before.central * 690 / 1380)
    assert fed.after.low < fed.after.central < fed.after.high


def test_half_the_purchases_lower_what_all_complying_would_cost(half, solver) -> None:
    """There is less left to lose; and the big lifeline outlasts a small threat, so L(5 %) is of the rest."""
    (change,) = half.changes
    after = solver.alone(change)
    assert after.loss < 0.95 * solver.base.loss
    assert after.leverage > 1.02 * solver.base.leverage


def test_the_section_says_what_moved_by_how_much_and_why(half, scenario, solver) -> None:
    answer = solver.alone(half.changes[0])
    found = moved(half, scenario, recorded=False, after=answer)
    (row,) = found.topics
    assert row.claims == tuple(c.id for c in half.standing)
    assert row.loss_all.before.central == pytest.approx(100 * solver.base.loss)
    assert row.loss_all.after.central == pytest.approx(100 * answer.loss)
    assert found.together is not None
    assert found.together.loss_all == row.loss_all
    assert "Kpler in Reuters" in row.why
    assert "690 kb/d" in row.why


def test_a_flow_that_no_entry_follows_becomes_one_where_the_world_carries_less(scenario) -> None:
    found = bring(
        read("India bought 150,000 barrels per day of Iranian crude in January, Vortexa said."),
        scenario,
        recorded=False,
    )
    (change,) = found.changes
    assert change.fed[0].before.central == 0
    assert change.fed[0].after.central == pytest.approx(150, rel=0.05)
    new = [e for e in found.entries if e.id.startswith("read-")]
    assert [(e.origin, e.buyer, e.operation) for e in new] == [("IRN", "IND", "unrecorded_export")]


def test_a_rumour_of_a_new_flow_is_an_upper_end_only(scenario) -> None:
    found = bring(
        read("India bought 150,000 barrels per day of Iranian crude in January."), scenario, recorded=False
    )
    (entry,) = [e for e in found.entries if e.id.startswith("read-")]
    assert entry.value["central"] == 0 < entry.value["high"]


def test_the_discount_follows_the_newest_traders(scenario) -> None:
    found = bring(
        read("The discount of Iranian Light widened to $12 a barrel below ICE Brent."),
        scenario,
        recorded=False,
    )
    (change,) = found.changes
    assert (change.feeds, change.fed[0].before.central, change.fed[0].after.central) == ("discount", 9, 12)


def test_a_share_times_a_total_moves_the_entry_where_the_volume_itself_did_not(scenario) -> None:
    text = "Iran's crude exports averaged 825,000 barrels a day in January, Kpler data showed."
    found = bring(read(text), scenario, recorded=False)
    entry = next(e for e in found.entries if e.id == "irn-crude-chn")
    assert entry.kbd["central"] == pytest.approx(1100 * 825 / 1650)


def test_an_entry_that_follows_two_topics_is_told_once_with_both_in(scenario) -> None:
    text = (
        "Iran's crude exports averaged 825,000 barrels a day in January, Kpler data showed.\n\n"
        "China bought 70 percent of Iran's crude exports in January, Vortexa said."
    )
    found = bring(read(text), scenario, recorded=False)
    assert len(found.changes) == 2
    (fed,) = [f for f in found.fed if f.what.startswith("shadow:irn-crude-chn:")]
    entry = next(e for e in found.entries if e.id == "irn-crude-chn")
    assert (fed.after.low, fed.after.central, fed.after.high) == tuple(entry.kbd.values())
    alone = [f.after.central for c in found.changes for f in c.fed if f.what == fed.what]
    assert len(alone) == 2
    assert fed.after.central not in alone


def test_fuel_to_cuba_moves_both_entries_of_its_supplier() -> None:
    cuba = Scenario.of(
        "CUB", senders="USA", measures="secondary_tariff 25% on partners of CUB", as_of="2026-04-10"
    )
    text = "Mexico delivered 6,000 barrels of fuel a day to Cuba in the first quarter of 2026, Pemex data showed."
    found = bring(read(text, "2026-04-05"), cuba, recorded=False)
    (change,) = found.changes
    assert {f.what.split(":")[1] for f in change.fed} == {"mex-oil-cub", "mex-fuels-cub"}
    ratios = {round(f.after.central / f.before.central, 6) for f in change.fed}
    assert ratios == {round(6 / 19.2, 6)}


# -- what must not move --------------------------------------------------------------------------------


def test_without_a_ledger_the_claims_and_the_worlds_are_the_shipped_ones(scenario) -> None:
    found = bring(None, scenario, recorded=False)
    assert list(found.claims) == select(load_curated(), as_of="2026-02-12")
    assert found.worlds(found.entries) is None


def test_an_overlay_in_place_of_itself_is_the_very_same_world() -> None:
    world, recorded = load_world(2023), load_world(2023, shadow="recorded")
    assert change_overlay(world, recorded, read_entries(), read_entries()) is world


def test_a_relay_of_an_existing_source_moves_exactly_nothing(scenario) -> None:
    relay = "China bought 1.38 million barrels a day of Iranian oil in 2025, Kpler data showed."
    found = bring(read(relay), scenario, recorded=False)
    assert found.changes == ()
    assert reasons(found) == {hearing.RELAY}
    assert found.claims == bring(None, scenario, recorded=False).claims


def test_a_relay_of_the_article_moves_nothing_further(half, scenario) -> None:
    both = bring([*read(HALF), *read(RELAY, "2026-02-11", "Bloomberg")], scenario, recorded=False)
    assert both.entries == half.entries
    assert both.claims == half.claims
    assert hearing.RELAY in reasons(both)


@pytest.mark.parametrize(
    ("text", "published", "publisher", "why"),
    [
        (HALF, "2026-02-10", "A blog nobody knows", hearing.QUARANTINED),
        (HALF, "2026-02-10", "", hearing.QUARANTINED),
        (HALF, "2026-02-20", "Reuters", hearing.LATE),
        ("Beijing pledged to buy 2 million barrels a day of Iranian crude in January.", "2026-02-10", "Reuters", hearing.PROMISED),
        ("Mexico delivered 930,000 barrels of fuel to Cuba in January.", "2026-02-10", "Reuters", sorting.ELSEWHERE),
        ("Iran's shadow fleet counts 430 tankers.", "2026-02-10", "Reuters", sorting.UNFED),
        ("China imported 1.2 million bpd of Iranian oil in January 2024, Kpler said.", "2026-02-10", "Reuters", sorting.UNMOVED),
        ("China's exports to Iran totalled $9.1 billion in 2025, customs data showed.", "2026-02-10", "Reuters", sorting.CARRIED),
    ],
)  # fmt: skip
def test_what_moves_nothing_is_named_with_its_reason(scenario, text, published, publisher, why) -> None:
    found = bring(read(text, published, publisher), scenario, recorded=False)
    assert found.changes == ()
    assert found.entries is None
    assert why in reasons(found)


def test_customs_data_alone_have_no_overlay_to_move(scenario) -> None:
    found = bring(read(HALF), scenario, recorded=True)
    assert found.changes == ()
    assert reasons(found) == {sorting.NO_OVERLAY}


# -- disputes, and the file of entries -------------------------------------------------------------------


def test_a_read_claim_that_contradicts_an_embedded_one_is_in_the_swing_list(scenario, solver) -> None:
    text = "China imported 700,000 barrels per day of Iranian oil in 2025, Vortexa data showed."
    found = bring(read(text), scenario, recorded=False)
    (move,) = disputes(found, scenario, solver.lines, recorded=False)
    assert move.key == CRUDE[0]
    assert len(move.sources) == 2
    assert f"claim:{found.standing[0].id}" in move.sources
    assert "Vortexa" in move.low_words
    assert "Kpler" in move.high_words
    assert move.loss_all[1] - move.loss_all[0] > 0.01


def test_every_topic_an_entry_follows_is_in_the_ledger() -> None:
    followed = {topic for entry in read_entries() for item in entry.follows for topic, _ in item}
    assert followed
    assert followed <= set(topics())


# -- from the command line -------------------------------------------------------------------------------


def test_a_brief_without_an_assessment_says_so_and_one_with_it_shows_what_moved(
    scenario, half, monkeypatch, tmp_path, capsys
) -> None:
    monkeypatch.setattr("tertius.leverage.effects.moved", lambda b, s, recorded: _rows(b))
    text = tmp_path / "article.txt"
    text.write_text(HALF)
    common = [
        "brief",
        str(text),
        "--date",
        "2026-02-10",
        "--publisher",
        "Reuters",
        "--out",
        str(tmp_path / "page.html"),
    ]
    assert cli.run(common) == 0
    assert "No assessment was asked for" in capsys.readouterr().out
    assert "No assessment was asked for" in (tmp_path / "page.html").read_text()
    asked = ["--target", "IRN", "--sender", "USA", "--measure", MEASURE, "--as-of", "2026-02-12"]
    assert cli.run([*common, *asked]) == 0
    assert "690 kb/d" in capsys.readouterr().out
    assert "690 kb/d" in (tmp_path / "page.html").read_text()
    assert cli.run([*common, "--sender", "USA"]) == 2
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_text(write_jsonl(read(HALF.replace("690", "710"), publisher="Bloomberg")))
    capsys.readouterr()
    assert cli.run([*common, *asked, "--ledger", str(ledger)]) == 0
    shown = capsys.readouterr().out
    assert "before: with your ledger" in " ".join(shown.split())
    assert hearing.RELAY in " ".join(shown.split())
    assert cli.run([*common, *asked, "--ledger", str(tmp_path / "none")]) == 2


def _rows(found):
    """The section without solving: the answers stand still, the readings are the real ones."""
    from tertius.leverage.assessment import Moved
    from tertius.leverage.moved import _row, unused

    same = Answer(0.03, 0.17)
    scenario = Scenario.of("IRN", senders="USA", measures=MEASURE, as_of="2026-02-12")
    return Moved(
        found.read, tuple(_row(c, same, same, scenario) for c in found.changes), None, unused(found), ""
    )


def test_an_article_is_weighed_against_the_ledger_it_is_held_against(scenario) -> None:
    held = Read.of(read(HALF))
    again = effects_on(scenario, held)(read(HALF))
    assert again.rows == ()
    assert again.unused == (f"1 {hearing.HELD}",)
    assert again.question.endswith("before: with your ledger")
    passed_on = effects_on(scenario, held)(read(RELAY, publisher="Bloomberg"))
    assert passed_on.rows == ()
    assert passed_on.unused == (f"1 {hearing.RELAY}",)


def test_what_an_article_adds_goes_from_where_the_ledger_stood(scenario, monkeypatch) -> None:
    answers = {0: Answer(0.03, 0.17), 1: Answer(0.04, 0.12), 2: Answer(0.05, 0.10)}
    monkeypatch.setattr("tertius.leverage.moved.Solver", lambda *a, **k: Solved(answers))
    more = "India bought 150,000 barrels per day of Iranian crude in January, Vortexa said."
    found = effects_on(scenario, Read.of(read(HALF)))(read(more, publisher="Bloomberg"))
    assert [(row.what, row.before, row.after) for row in found.rows[1:]] == [
        ("L(5 %)", "3 %", "4 %"),
        ("Loss(all)", "17 %", "12 %"),
    ]
    lower = "China bought 500,000 barrels per day of Iranian crude in January, Vortexa said."
    found = effects_on(scenario, Read.of(read(HALF)))(read(lower, publisher="Bloomberg"))
    assert "690" in found.rows[0].before
    assert "500" in found.rows[0].after


class Solved:
    """A solver whose answer counts the topics that are in."""

    def __init__(self, answers) -> None:
        self.answers, self.base = answers, answers[0]

    def alone(self, change):
        return self.answers[1]

    def together(self, changes):
        return self.answers[len(changes)]


def test_effects_of_an_article_by_an_unknown_publisher_are_none_and_say_why(scenario) -> None:
    found = effects_on(scenario)(read(HALF, publisher="A blog nobody knows"))
    assert found.rows == ()
    assert found.unused == (f"1 {hearing.QUARANTINED}",)


def test_assess_takes_the_ledger_that_read_made(monkeypatch, tmp_path, capsys) -> None:
    seen = {}

    def stop(scenario, **given):
        seen["found"] = bring(given["claims"], scenario, recorded=False)
        raise KeyboardInterrupt

    monkeypatch.setattr("tertius.leverage.assess.assess_scenario", stop)
    text, ledger = tmp_path / "article.txt", tmp_path / "ledger.sqlite"
    text.write_text(HALF)
    assert (
        cli.run(
            ["read", str(text), "--date", "2026-02-10", "--publisher", "Reuters", "--ledger", str(ledger)]
        )
        == 0
    )
    asked = ["assess", "IRN", "--sender", "USA", "--measure", MEASURE, "--as-of", "2026-02-12", "-q"]
    cli.run([*asked, "--ledger", str(ledger)])
    assert [c.key for c in seen["found"].changes] == [CRUDE]
    capsys.readouterr()
    assert cli.run([*asked, "--ledger", str(tmp_path / "none")]) == 2
    assert "no such file" in capsys.readouterr().err
