"""A made-up assessment of a made-up country, as large as a real one. No number here is a result."""

from __future__ import annotations

import dataclasses
from typing import Any

from tertius.ledger.record import Claim
from tertius.leverage.assessment import (
    Assessment,
    Check,
    Cost,
    CurvePoint,
    Lifeline,
    Losses,
    Provenance,
    Quantity,
    Share,
    Swing,
)

YEAR = 2023
PARTNERS = [
    ("CHN", "China", "shielded", 41.0, 0.16),
    ("CHN", "China", "open", 14.6, 0.024),
    ("ARE", "United Arab Emirates", "open", 19.0, 1.0),
    ("TUR", "Türkiye", "open", 5.5, 0.41),
    ("IRQ", "Iraq", "open", 8.9, 1.0),
    ("IND", "India", "open", 2.2, 0.013),
    ("RUS", "Russian Federation", "open", 3.1, 1.0),
    ("RUS", "Russian Federation", "security", 0.9, None),
    ("PAK", "Pakistan", "open", 1.9, 0.33),
    ("OMN", "Oman", "open", 1.4, 0.52),
    ("DEU", "Germany", "open", 1.6, 0.0042),
    ("AFG", "Afghanistan", "open", 1.5, 1.0),
    ("BRA", "Brazil", "open", 2.6, 0.038),
    ("KOR", "Korea, Republic of", "open", 0.4, 0.0017),
    ("VEN", "Venezuela, Bolivarian Republic of", "shielded", 0.3, 0.77),
    ("MYS", "Malaysia", "shielded", 0.8, 0.009),
]


def q(
    central: float | None,
    unit: str = "USD bn a year",
    spread: float = 1.6,
    sources: tuple[str, ...] = ("source:cepii_baci",),
    year: int | None = YEAR,
    note: str = "",
) -> Quantity:
    if central is None:
        return Quantity(None, None, None, unit, year, sources, note or "no figure is known")
    low, high = sorted((central / spread, central * spread))
    if unit == "probability":
        high = min(high, 1.0)
    return Quantity(low, central, high, unit, year, sources, note)


def as_given(quantity: Quantity) -> dict[str, Any]:
    """Return a quantity as a document holds it."""
    return dataclasses.asdict(quantity)


def claim(key: str, summary: str, said: str, origin: str, publisher: str, **more: Any) -> Claim:
    doc = {"id": f"doc-{key}", "publisher": publisher, "title": f"Note on {key}", "published": said}
    doc["url"] = f"https://news.example/{key}"
    return Claim.model_validate(
        {"key": key, "doc": doc, "type": "claim", "summary": summary, "said": said, "origin": origin, **more}
    )


def made_up_claims() -> dict[str, Claim]:
    share = {"topic": "TST.china_share", "target": "TST", "supporter": "CHN", "channel": "shielded"}

    def percent(low: float | None, central: float | None, high: float | None) -> dict[str, Any]:
        return {"low": low, "central": central, "high": high, "unit": "%"}

    return {
        "tracker": claim(
            "tracker",
            "China took more than four fifths of the oil shipped.",
            "2026-01-13",
            "Tanker Tracker A",
            "Wire B",
            value=percent(80, None, None),
            basis="measured",
            about={"start": "2025"},
            **share,
        ),
        "ninety": claim(
            "ninety",
            "China takes about nine tenths of it.",
            "2026-01-12",
            "Paper C",
            "Paper D",
            value=percent(None, 90, None),
            basis="reported",
            **share,
        ),
        "half": claim(
            "half",
            "Early in the year it was about half.",
            "2025-03",
            "Tanker Tracker A",
            "Wire B",
            value=percent(45, 50, 55),
            basis="measured",
            about={"start": "2025-01", "end": "2025-02"},
            **share,
        ),
        "discount": claim(
            "irn-discount-2023",
            "Traders name a discount of 8 to 10 dollars.",
            "2026-01-09",
            "traders",
            "Wire B",
            value={"low": 8, "central": 9, "high": 10, "unit": "USD/bbl"},
            basis="reported",
        ),
        "tariff": claim(
            "tariff",
            "The sender announced 25 % on whoever trades with Testland.",
            "2026-01-12",
            "The president",
            "Wire B",
            measure="secondary_tariff",
            legal="announced",
            basis="official",
        ),
        "nasty": claim(
            "nasty",
            "<script>alert('x')</script> & <b>bold</b>",
            "2026-01-01",
            "<img src=x onerror=alert(1)>",
            "\"quoted\" 'press'",
            basis="reported",
        ),
    }


def lifeline(
    code: str, name: str, channel: str, value: float, q_star: float | None, ids: dict[str, str]
) -> Lifeline:
    basis = (
        "source:world",
        "shadow:irn-crude-chn",
        "prior:extra_cost.freight",
        f"claim:{ids['tracker']}",
        f"claim:{ids['discount']}",
        "engine:medium",
    )
    exposure = None if q_star is None else value * 0.06 / q_star
    capped = "capped at 1" if q_star == 1.0 else ""
    return Lifeline(
        supporter=code,
        supporter_name=name,
        channel=channel,
        status="listed",
        value=q(value),
        rent=q(value * 0.05 if channel == "shielded" else 0.0, sources=basis[3:4]),
        benefit=q(value * 0.06, sources=basis),
        exposure=q(exposure, sources=("engine:medium",)),
        exposure_share=q(
            None if exposure is None else exposure / 40, "per cent of real income", sources=("engine:medium",)
        ),
        q_star=q(q_star, "probability", sources=basis, year=None, note=capped),
        influence_needed=q(None if exposure is None else 0.05 * exposure - value * 0.06, sources=basis),
        loss_if_cut=q(value * 0.02, "per cent of the target's real income", sources=("engine:medium",)),
        order="determined" if code != "OMN" else "not determined: flips with TUR open at the long horizon",
        made_of=(
            f"{name} gains {value * 0.06:.2g} bn USD 2023 a year from the channel.",
            "It would lose the exposure if the sender enforced; the chance of being caught is 0.3 to 1.",
        ),
        claims=tuple(ids.values())[:2] if code == "CHN" else (),
    )


def pool(status: str, name: str, value: float, q_star: float | None) -> Lifeline:
    unit_income = "per cent of the target's real income"
    return Lifeline(
        status,
        name,
        "all",
        status,
        q(value),
        q(0.0),
        q(value * 0.02),
        q(None),
        q(None, "per cent of real income"),
        q(q_star, "probability", year=None),
        q(None),
        q(value * 0.015, unit_income),
        "determined",
        ("Many small partners.",),
    )


def curve(lines: tuple[Lifeline, ...], lift: float = 1.0) -> tuple[CurvePoint, ...]:
    broken_ones = [x for x in lines if x.q_star.central is not None and x.q_star.central < 1]
    known = [(x.q_star.central, x) for x in sorted(broken_ones, key=lambda x: x.q_star.central or 0.0)]
    whole = sum(x.loss_if_cut.central or 0 for x in lines)
    points, broken = [CurvePoint(0.0, Quantity(0, 0, 0, "fraction", None, ("engine:medium",)), ())], 0.0
    for at, line in known:
        broken += line.loss_if_cut.central or 0
        level = min(1.0, lift * broken / whole)
        band = Quantity(
            0.7 * level, level, min(1.0, 1.3 * level + 0.02), "fraction", None, ("engine:medium",)
        )
        points.append(CurvePoint(at, band, (f"{line.supporter} {line.channel}",)))
    return (*points, CurvePoint(1.0, points[-1].leverage, ()))


def costs() -> tuple[Cost, ...]:
    rows = [
        ("USA", "without retaliation", -0.12, -33.0, -0.4),
        ("USA", "with matched retaliation", 0.55, 150.0, 0.1),
        ("CHN", "third party, keeps its lifelines and is hit", 0.8, 140.0, 0.5),
        ("CHN", "third party, complies", 0.02, 3.5, 0.01),
        ("VEN", "third party, complies", 0.3, 0.2, None),
        ("food", "civilian need", 0.9, 0.7, None),
        ("medicine", "civilian need", None, None, None),
        ("fuel", "civilian need", 4.1, 1.1, None),
    ]
    return tuple(
        Cost(
            who,
            case,
            q(income, "per cent", sources=("engine:medium",)),
            q(money, sources=("engine:medium",)),
            q(terms, "per cent", sources=("engine:medium",)),
        )
        for who, case, income, money, terms in rows
    )


def swings(ids: dict[str, str]) -> tuple[Swing, ...]:
    def change(by: float, unit: str) -> Quantity:
        return Quantity(by, by, by, unit, None, ("engine:medium",), f"from 0.2 to {0.2 + by:.2g}")

    return (
        Swing(
            "TST.china_share",
            "China's share of the oil shipped",
            "about half (Tanker Tracker A)",
            "90 % (Paper C)",
            change(0.13, "fraction"),
            change(0.8, "percentage points"),
            (ids["half"], ids["ninety"]),
        ),
        Swing(
            "TST.discount",
            "Discount on a barrel",
            "8 USD",
            "10 USD",
            change(-0.04, "fraction"),
            change(0.0, "percentage points"),
            (ids["discount"],),
        ),
        Swing(
            "prior.delta",
            "Chance that a shielded channel is caught (judgement)",
            "0.3",
            "1",
            change(0.13, "fraction"),
            change(0.0, "percentage points"),
        ),
    )


def attribution(lines: tuple[Lifeline, ...]) -> tuple[Share, ...]:
    whole = sum(x.loss_if_cut.central or 0 for x in lines)
    return tuple(
        Share(
            x.supporter,
            x.channel,
            q(x.loss_if_cut.central, "percentage points", 1.3, ("engine:medium",)),
            q((x.loss_if_cut.central or 0) / whole, "fraction", 1.2, ("engine:medium",)),
            0.01,
        )
        for x in lines
    )


def conflicts(found: dict[str, Claim]) -> tuple[dict[str, Any], ...]:
    sides = [
        {
            "id": found[key].id,
            "text": found[key].text,
            "value": value,
            "source": found[key].origin,
            "said": found[key].said,
        }
        for key, value in (("tracker", "> 80 %"), ("ninety", "90 %"), ("half", "45-55 %"))
    ]
    nasty = found["nasty"]
    other = [{"id": nasty.id, "text": nasty.text, "value": "1", "source": nasty.origin, "said": nasty.said}]
    return ({"topic": "TST.china_share", "claims": sides}, {"topic": "TST.nasty", "claims": other})


def losses() -> tuple[Losses, ...]:
    unit = "per cent of the target's real income"
    return tuple(
        Losses(
            name,
            q(loss, unit, sources=(f"engine:{name}",)),
            Quantity(0, 0, 0, unit, YEAR, (f"engine:{name}",), "zero by definition for a pure threat"),
            q(lifted, unit, sources=(f"engine:{name}",)),
        )
        for name, loss, lifted in (("year", 8.7, 4.0), ("medium", 4.6, 2.2), ("long", 1.9, None))
    )


def make(partners: list[tuple[str, str, str, float, float | None]] | None = None, **more: Any) -> Assessment:
    """Build the assessment; `partners` replaces the list of lifelines, `more` replaces whole fields."""
    found = made_up_claims()
    ids = {key: each.id for key, each in found.items()}
    listed = [lifeline(*row, ids) for row in (PARTNERS if partners is None else partners)]
    if partners is None:
        listed += [
            pool("pool: deterred", "61 other economies", 6.2, 0.006),
            pool("pool: not exposed", "88 other economies", 2.9, None),
        ]
    lines = tuple(sorted(listed, key=lambda x: 2.0 if x.q_star.central is None else x.q_star.central))
    fields: dict[str, Any] = {
        "target": "TST",
        "sender": ("USA",),
        "measures": ("secondary_tariff 25% on partners of TST",),
        "as_of": "2026-01-13",
        "price_year": YEAR,
        "headline": "If everyone complied Testland would lose 4.6 [2.9–7.4] % of real income; "
        "at a credibility of 5 % a threat of 25 % keeps 19 [13–25] % of that.",
        "loss": losses(),
        "curve": curve(lines),
        "curve_by_horizon": {
            name: curve(lines, lift) for name, lift in (("year", 0.9), ("medium", 1.0), ("long", 1.1))
        },
        "breaks_at": {
            "1 %": ("DEU open", "KOR open"),
            "5 %": ("CHN open", "DEU open", "KOR open"),
            "20 %": ("CHN shielded",),
        },
        "lifelines": lines,
        "attribution": attribution(lines),
        "costs": costs(),
        "swing": swings(ids),
        "conflicts": conflicts(found),
        "quality": {
            "target trade": {"observed": 0.31, "mirror": 0.38, "estimated": 0.06, "shadow": 0.25},
            "world trade": {"observed": 0.93, "mirror": 0.04, "estimated": 0.03},
        },
        "checks": (
            Check("the loss rises with what is cut", True, "64 pairs, smallest step 0.0002 pp"),
            Check("a coalition does no worse than its best member", False, "USA+GBR below USA by 0.01 pp"),
        ),
        "unknown": (
            "What the security channel is worth.",
            "A third of the band is judgement, not measurement.",
        ),
        "provenance": Provenance(
            "tertius 0.1.0",
            "world-2023-abc",
            "5c3a",
            "77de",
            7,
            "2026-01-13",
            48,
            96,
            20000,
            3.2e-11,
            "TST crude_oil_gas",
            "deficit of TST 2.1 bn USD set to zero",
            21.4,
            ("source:world", "source:cepii_baci", "source:oecd_icio"),
        ),
        "days_of_cover": {
            "need": Quantity(105, 110, 118, "kb/d", 2025, (f"claim:{ids['discount']}",)),
            "own output": Quantity(38, 40, 42, "kb/d", 2025, (f"claim:{ids['discount']}",)),
            "arrivals": [
                {"supplier": "Mexico", "tracker A": Quantity(15, 19, 22, "kb/d", 2025), "tracker B": 7.0},
                {"supplier": "Venezuela", "tracker A": Quantity(8, 11, 27, "kb/d", 2025), "tracker B": None},
            ],
            "by_supplier": [
                {
                    "who": "Tracker C",
                    "amount": {"low": 3, "central": 5, "high": 7, "unit": "kb/d", "claims": [ids["half"]]},
                }
            ],
            "days": Quantity(None, None, None, "days", 2025, (), "no stock is known"),
        },
        "enforced": {
            "what": "the threat is carried out against every supporter still in at q",
            "horizon": "medium",
            "rows": [
                {
                    "q": at,
                    "target_loss": q(loss, "per cent", sources=("engine:medium",)),
                    "sender_loss": {"USA": as_given(q(own, "per cent", sources=("engine:medium",)))},
                }
                for at, loss, own in ((0.0, 0.1, -0.8), (0.05, 0.4, -0.2), (1.0, 3.1, 0.05))
            ],
        },
        "claims": {
            each.id: each.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            for each in found.values()
        },
    }
    return Assessment(**{**fields, **more})
