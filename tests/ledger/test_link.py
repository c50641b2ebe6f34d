from __future__ import annotations

import pytest

from tertius.ledger import conflicts, funnel, load_curated
from tertius.ledger.link import deliveries, relation, same_events
from tertius.ledger.record import Claim


def claim(key: str = "", **fields: object) -> Claim:
    start = {
        "doc": {"id": f"doc {key}", "publisher": "Reuters", "published": "2026-01-10"},
        "key": key,
        "type": "statistic",
        "origin": f"origin {key}",
        "supporter": "CHN",
        "target": "CUB",
        "channel": "aid",
        "topic": "CUB.rice_t",
        "about": {"start": "2026-01", "end": "2026-01"},
    }
    return Claim.model_validate(start | fields)


def tonnes(low: float, high: float | None = None) -> dict[str, object]:
    return {"low": low, "high": low if high is None else high, "unit": "t"}


def test_two_voices_on_one_thing_and_time_contradict() -> None:
    a, b = claim("a", value=tonnes(4800)), claim("b", value=tonnes(30000))
    found = relation(a, b)
    assert found is not None
    assert found.relation == "contradicts"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"value": tonnes(4900)}, None),  # rounding
        ({"value": tonnes(4000, 40000)}, None),  # a range that holds both
        ({"value": {"low": 3000, "unit": "t"}}, None),  # more than 3000
        ({"about": {"start": "2025-01", "end": "2025-01"}}, None),  # another time
        ({"target": "VEN"}, None),  # another beneficiary
        ({"topic": "CUB.aid_musd"}, None),  # another measure
        ({"stage": "announced"}, None),  # promised is not delivered
        ({"relay_of": "x"}, None),  # passed on
        ({"channel": "open"}, "tension"),  # another channel
        ({"about": {"start": "2025-07", "end": "2026-06"}}, "tension"),  # a month against a year
        ({"origin": "origin a"}, "updates"),  # the same voice, revised
    ],
)
def test_structure_decides_what_stands_between_two_numbers(
    change: dict[str, object], expected: str | None
) -> None:
    a = claim("a", value=tonnes(4800), stage="delivered")
    b = claim("b", **({"value": tonnes(30000), "stage": "delivered"} | change))
    for found in (relation(a, b), relation(b, a)):
        assert (found and found.relation) == expected


def test_a_vintage_points_from_the_later_word_to_the_earlier() -> None:
    a = claim("a", value=tonnes(1740), origin="Kpler", said="2025-03-01")
    b = claim("b", value=tonnes(747), origin="Kpler", said="2025-06-01")
    found = relation(a, b)
    assert found is not None
    assert (found.a, found.b) == (b, a)


def test_ties_said_to_deepen_and_to_be_limited_are_in_tension() -> None:
    tie = {"topic": "", "type": "claim"}
    deep = claim("a", **tie, claim={"predicate": "tie_trend", "value": "deepening"})
    limited = claim("b", **tie, claim={"predicate": "tie_trend", "value": "limited"})
    assert [c.kind for c in conflicts([deep, limited])] == ["tension"]
    assert conflicts([deep, limited.changed(target="IRN")]) == []


def test_support_denied_in_words_and_paid_in_deeds_is_a_tension_between_channels() -> None:
    denied = claim("a", topic="", stage="denied", channel="verbal", negated=True)
    paid = claim("b", topic="", stage="financed", channel="shielded")
    (card,) = conflicts([denied, paid])
    assert card.kind == "tension"
    assert {c.channel for c in card.claims} == {"verbal", "shielded"}
    assert conflicts([denied, paid.changed(negated=True)]) == []


def test_a_denial_of_one_commitment_contradicts_its_delivery_and_no_other() -> None:
    denied = claim("a", topic="", stage="denied", channel="verbal", commitment="works")
    paid = claim("b", topic="", stage="financed", channel="shielded", commitment="works")
    other = claim("c", topic="", stage="delivered", channel="open")
    (card,) = conflicts([denied, paid, other])
    assert card.kind == "contradiction"
    assert card.claims == (denied, paid)


def test_the_curated_claims_keep_their_conflicts() -> None:
    cards = conflicts(load_curated())
    by_topic = {(c.topic, c.supporter): c for c in cards}
    share = by_topic["IRN.china_share_of_oil_exports", "CHN"]
    assert share.kind == "contradiction"
    assert len(share.claims) >= 4
    for supplier in ("VEN", "MEX", "RUS"):
        assert {c.origin for c in by_topic["CUB.crude_supplier_share", supplier].claims} == {
            "Kpler",
            "S&P Global",
        }
    rice = {
        c.value.central for c in by_topic["CUB.rice_t", "CHN"].claims if c.value and c.stage == "delivered"
    }
    assert rice == {4800, 30000}
    pact = by_topic["IRN.pact_pledged_bn", "CHN"]
    assert {c.key for c in pact.claims} == {
        "irn-pact-signed", "irn-pact-400", "irn-pact-realised-agency", "irn-pact-realised-works",
    }  # fmt: skip
    kpler = by_topic["IRN.china_oil_imports_kbd", "CHN"]
    assert kpler.kind == "vintage"
    assert {747, 1740} <= {c.value.central for c in kpler.claims if c.value}


def test_the_two_articles_do_not_contradict_each_other_once_split_by_channel() -> None:
    pair = [c for c in load_curated() if c.doc.id.startswith("article-")]
    between = [c for c in conflicts(pair) if len({x.doc.id for x in c.claims}) == 2]
    assert between
    assert {c.kind for c in between} == {"tension"}


def test_a_relay_makes_no_conflict() -> None:
    base = load_curated()
    origin = next(c for c in base if c.key == "irn-chn-share-2024-kpler")
    relay = origin.changed(
        key="relay", relay_of=origin.id, origin="some outlet", value={"central": 0.1, "unit": "fraction"}
    )
    assert [c.claims for c in conflicts([*base, relay])] == [c.claims for c in conflicts(base)]


def test_the_rice_of_2026_arrived_to_between_a_twelfth_and_a_half() -> None:
    rice = next(f for f in funnel(load_curated(), "CUB") if f.commitment == "CUB-CHN-rice-2026")
    assert [s.stage for s in rice.steps] == ["announced", "delivered"]
    assert rice.share == pytest.approx((0.08, 0.5))


@pytest.mark.parametrize(
    ("promised", "arrived", "step", "share"),
    [
        (
            {"low": 100},
            tonnes(25),
            (100, None),
            (None, 0.25),
        ),  # at least 100 t promised: at most a quarter came
        ({"high": 100}, tonnes(25), (None, 100), (0.25, None)),
        (tonnes(100), {"low": 25}, (100, 100), (0.25, None)),
        ({"low": 100}, {"low": 25}, (100, None), None),
        (tonnes(50, 100), tonnes(25), (50, 100), (0.25, 0.5)),
    ],
)
def test_an_end_that_a_speaker_left_open_stays_open(promised, arrived, step, share) -> None:
    claims = [
        claim("a", commitment="rice", stage="announced", value={"unit": "t"} | promised),
        claim("b", commitment="rice", stage="delivered", value={"unit": "t"} | arrived),
    ]
    (found,) = funnel(claims, "CUB")
    assert (found.steps[0].low, found.steps[0].high) == step
    assert found.share == share


def test_an_umbrella_pact_is_not_added_up() -> None:
    pact = next(f for f in funnel(load_curated(), "IRN") if f.commitment == "IRN-CHN-pact")
    assert pact.umbrella
    assert pact.share is None
    assert "not to be added" in pact.note
    assert all(pair.a.commitment != "IRN-CHN-pact" for pair in deliveries(load_curated()))


def test_promises_link_to_the_deliveries_of_the_same_commitment() -> None:
    links = {(p.a.key, p.b.key) for p in deliveries(load_curated())}
    assert ("cub-rice-2026-announced", "cub-rice-2026-4800") in links
    assert ("cub-rice-2026-announced", "cub-rice-2024-delivered") not in links


def test_a_stage_that_ended_a_commitment_is_shown() -> None:
    oil = next(f for f in funnel(load_curated(), "CUB") if f.commitment == "CUB-MEX-oil-2026")
    assert {"suspended", "cancelled"} <= {s.stage for s in oil.steps}


def test_the_same_event_told_within_three_days_is_one_cluster() -> None:
    def visit(key: str, day: str, code: str = "CUB") -> Claim:
        return claim(
            key,
            topic="",
            event="CONSULT",
            actors=[{"text": "China", "code": "CHN"}],
            recipients=[{"text": "x", "code": code}],
            date={"start": day, "precision": "day"},
        )

    told = [
        visit("a", "2026-02-05"),
        visit("b", "2026-02-07"),
        visit("c", "2026-02-20"),
        visit("d", "2026-02-05", "IRN"),
    ]
    clusters = same_events(told)
    assert [[c.key for c in cluster] for cluster in clusters] == [["a", "b"]]
