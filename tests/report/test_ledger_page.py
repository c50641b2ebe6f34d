"""The ledger page: what it shows of a claim, its figure, its cards and funnels, and what it refuses to run."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import time
from collections import Counter
from datetime import date
from html.parser import HTMLParser

import pytest

from tertius import cli
from tertius.errors import DataError, InputError
from tertius.ledger import load_curated
from tertius.ledger.record import Claim
from tertius.ledger.sentence import quoting
from tertius.report.entries import entries, kind, lane_label, lanes, phase
from tertius.report.html import pages, write_report
from tertius.report.ledger_page import Asked, claims_of, ledger_page, write_ledger
from tertius.report.names import Names
from tertius.report.quotes import quotes
from tertius.report.safe import visible
from tertius.report.sides import cards, pledges, tallies
from tertius.report.time_axis import axis
from tertius.report.timeline import BIN, SHOWN, SIZES, clusters, timeline
from tertius.report.timeline import shown as rows_of

TEXT = "Tehran waited. China shipped 300 tonnes of rice, officials said, but sent no arms. Nobody else came."
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Seen(HTMLParser):
    """Tags, ids and links of a page; tags left open or closed twice."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]} at {self.getpos()}")
        else:
            self.open.pop()

    @property
    def ids(self) -> list[str]:
        return [x["id"] for _, x in self.tags if x.get("id")]

    @property
    def links(self) -> list[str]:
        return [x["href"] for tag, x in self.tags if tag == "a" and x.get("href")]


def made(**fields) -> Claim:
    doc = {"id": "d1", "publisher": "Paper A", "published": "2026-01-14"} | fields.pop("doc", {})
    return Claim.model_validate({"doc": doc, "type": "event", "rule": "aid.ship", **fields})


def spanned(words: str, text: str = TEXT, **fields) -> Claim:
    start = text.index(words)
    first = text.rfind(". ", 0, start) + 2 if ". " in text[:start] else 0
    last = text.index(".", start) + 1
    return made(
        span={"start": start, "end": start + len(words), "text": words},
        sentence={"start": first, "end": last},
        **fields,
    )


def shown(claims, **more) -> str:
    return ledger_page(claims, Asked("What is claimed"), **more)


@pytest.fixture(scope="module")
def curated():
    return load_curated()


@pytest.fixture(scope="module")
def whole(curated):
    return shown(curated)


@pytest.fixture(scope="module")
def both(assessment):
    return pages(assessment)


# -- the page -----------------------------------------------------------------------------------------


def test_the_page_is_well_formed_and_no_id_is_used_twice(whole, both):
    for text in (whole, *both.values()):
        seen = Seen(text)
        assert seen.wrong == []
        assert seen.open == []
        assert [name for name, times in Counter(seen.ids).items() if times > 1] == []


def test_every_claim_has_its_record_and_every_link_inside_arrives(whole, curated):
    seen = Seen(whole)
    assert {f"claim-{claim.id}" for claim in curated} <= set(seen.ids)
    inside = {link[1:] for link in seen.links if link.startswith("#")}
    assert inside - set(seen.ids) == set()


def test_report_and_ledger_lead_to_each_other(both):
    report, ledger = Seen(both["index.html"]), Seen(both["ledger.html"])
    there = {x.partition("#")[2] for x in report.links if x.startswith("ledger.html#")}
    back = {x.partition("#")[2] for x in ledger.links if x.startswith("index.html#")}
    assert there
    assert back
    assert there <= set(ledger.ids)
    assert back <= set(report.ids)
    assert "ledger.html" in report.links
    assert "index.html" in ledger.links


def test_a_record_lists_every_number_it_went_into_and_only_those(both, assessment):
    text = both["ledger.html"]
    keys = {claim["key"]: key for key, claim in assessment.claims.items()}
    discount = part(text, f"claim-{keys['irn-discount-2023']}")
    assert "China, shielded: benefit" in discount
    assert "China, open: q*" in discount
    assert "no number of the report rests on it" in part(text, f"claim-{keys['tariff']}")


def test_a_report_without_ledger_changes_nothing_else_in_the_folder(assessment, tmp_path):
    write_report(assessment, tmp_path)
    assert (tmp_path / "ledger.html").read_text(encoding="utf-8") == pages(assessment)["ledger.html"]


def test_an_assessment_whose_records_are_no_claims_is_refused_with_all_of_them(synthetic):
    broken = synthetic.make(claims={"a": {"id": "a"}, "b": {"type": "claim"}})
    with pytest.raises(DataError, match=r"\$\.claims\.a.*(?s:.*)\$\.claims\.b"):
        claims_of(broken)


def test_no_claims_make_a_page_that_says_so():
    text = shown([])
    assert "No claim matches." in text
    assert "None among these claims." in text
    assert Seen(text).wrong == []


def part(text: str, anchor: str) -> str:
    """Return the list item of this id."""
    return text[text.index(f'id="{anchor}"') :].partition("\n</li>")[0]


# -- words --------------------------------------------------------------------------------------------


def test_the_span_stands_highlighted_in_its_sentence_when_the_text_is_at_hand():
    claim = spanned("300 tonnes of rice")
    found = quotes([claim], {"d1": TEXT})[claim.id]
    assert (found.before, found.span, found.after) == (
        "China shipped ",
        "300 tonnes of rice",
        ", officials said, but sent no arms.",
    )
    text = shown([claim], texts={"d1": TEXT})
    assert "China shipped <mark>300 tonnes of rice</mark>, officials said, but sent no arms." in text
    assert "Tehran waited" not in text
    assert "Nobody else came" not in text


def test_without_the_text_other_spans_fill_the_sentence_and_gaps_stay_gaps():
    claims = [
        spanned("300 tonnes of rice"),
        spanned("China shipped", key="b"),
        spanned("sent no arms", key="c"),
    ]
    found = quotes(claims)[claims[0].id]
    assert found.before.replace("…", "").split() == ["China", "shipped"]
    assert found.after.replace("…", "").split() == ["sent", "no", "arms"]
    assert found.after.endswith("…")
    alone = quotes(claims[:1])[claims[0].id]
    assert {alone.before.strip(), alone.after.strip()} == {"…"}


def test_a_claim_that_holds_its_sentence_needs_no_text_and_helps_the_others():
    whole = quoting(spanned("300 tonnes of rice"), TEXT)
    other = spanned("sent no arms", key="c")
    found = quotes([whole, other])
    assert (found[whole.id].before, found[whole.id].after) == (
        "China shipped ",
        ", officials said, but sent no arms.",
    )
    assert found[other.id].before == "China shipped 300 tonnes of rice, officials said, but "
    text = shown([whole])
    assert "China shipped <mark>300 tonnes of rice</mark>, officials said, but sent no arms." in text
    assert "Tehran waited" not in text


def test_a_sentence_that_does_not_hold_the_span_is_not_shown():
    good = quoting(spanned("300 tonnes of rice"), TEXT)
    forged = good.changed(sentence=good.sentence.model_copy(update={"text": "Something else altogether."}))
    assert "Something" not in quotes([forged])[forged.id].before


def test_a_text_that_does_not_hold_the_span_there_is_not_used():
    claim = spanned("300 tonnes of rice")
    found = quotes([claim], {"d1": f"Another text. {TEXT}"})[claim.id]
    assert "officials" not in found.after


def test_a_sentence_without_end_is_cut():
    claim = made(span={"start": 5000, "end": 5004, "text": "rice"}, sentence={"start": 0, "end": 10_000_000})
    found = quotes([claim], {"d1": "x" * 5000 + "rice" + "y" * 90_000})[claim.id]
    assert len(found.before) == len(found.after) == 400


def test_own_words_are_not_put_in_quotation_marks():
    claim = made(summary="Rice came.")
    told = part(shown([claim]), f"claim-{claim.id}")
    assert "<q>" not in told
    assert "Rice came." in told


def test_a_record_says_who_when_how_sure_and_by_which_rule():
    claim = spanned(
        "300 tonnes of rice",
        attribution=[{"name": "Paper B"}, {"name": "an official", "hedge": "reportedly"}],
        origin="Customs",
        said="2026-01-13",
        about={"start": "2025-12", "end": "2025-12"},
        confidence=0.31,
        basis="official",
        supporter="CHN",
        target="IRN",
        channel="aid",
        stage="shipped",
        quantities=[{"text": "300 tonnes", "value": 300, "unit": "t"}],
    )
    told = re.sub(r"<[^>]+>", "", part(shown([claim]), f"claim-{claim.id}"))
    assert "Paper A ‹ Paper B ‹ an official (reportedly) ‹ Customs" in told
    for words in ("said 2026-01-13", "about 2025-12", "official", "31%", "aid.ship", "shipped", "300 tonnes"):
        assert words in told


def test_a_relay_names_whom_it_passes_on():
    first = made(key="a", summary="Rice came.", origin="Customs", said="2026-01-02")
    second = made(key="b", summary="Rice came, it is said.", relay_of=first.id)
    lost = made(key="c", summary="Rice came, they say.", relay_of="0" * 40)
    text = shown([first, second, lost])
    assert f'<a href="#claim-{first.id}">Customs, 2026-01-02</a>' in text
    assert "which is not on this page" in text


# -- hostile claims -----------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "</title></style></script><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "&lt;b&gt; &amp; &#x3c;script&#x3e;",
    "pay \u202etxt.exe\u202c now \u2066x\u2069 \u200f",
    "{{ 7 * 7 }} {% raw %}",
    "]]> --> <!--",
    "bell \x07 and \x00 end",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_never_acts(text):
    claim = Claim.model_validate(
        {
            "key": text,
            "doc": {"id": text, "publisher": text, "title": text, "url": "javascript:alert(1)", "published": "2026-01-14"},
            "span": {"start": 0, "end": len(text), "text": text},
            "sentence": {"start": 0, "end": len(text)},
            "type": "event",
            "supporter": text,
            "target": text,
            "channel": "aid",
            "stage": "announced",
            "commitment": text,
            "origin": text,
            "rule": text,
            "topic": text,
            "attribution": [{"name": text, "hedge": text}],
            "quantities": [{"text": text}],
        }
    )  # fmt: skip
    for page in (shown([claim], texts={text: text}), shown([claim])):
        seen = Seen(page)
        assert seen.wrong == []
        assert sum(tag == "script" for tag, _ in seen.tags) == 1
        assert not {tag for tag, _ in seen.tags} & {"img", "iframe", "object", "embed"}
        assert not any(name.startswith("on") for _, attributes in seen.tags for name in attributes)
        assert not any("javascript:" in link for link in seen.links)
        assert "49" not in re.findall(r"<mark>(.*?)</mark>", page, re.DOTALL)[0]
        assert not re.search("[\x00-\x08\x0e-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069]", page)


def test_hidden_characters_are_written_out_and_others_left_alone():
    assert visible("a\u202eb\x07") == "a[U+202E]b[U+0007]"
    assert visible("Ā č ö — “中文” עברית\tx\n") == "Ā č ö — “中文” עברית\tx\n"


def test_the_policy_allows_this_script_alone(whole):
    import base64
    import hashlib

    script = re.search(r"<script>(.*?)</script>", whole, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in whole
    assert "default-src 'none'" in whole


@pytest.mark.parametrize(
    ("url", "linked"),
    [("https://a.example/x?a=1&b=2", True), ("http://a.example", True), ("ftp://a.example", False),
     ("data:text/html,x", False), ("//a.example", False)],
)  # fmt: skip
def test_a_source_is_linked_only_when_it_is_on_the_web(url, linked):
    seen = Seen(shown([made(summary="x", doc={"url": url, "title": "T"})]))
    assert (url in seen.links) == linked


# -- the timeline -------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["said", "about"])
@pytest.mark.parametrize("width", SIZES.values())
def test_every_claim_is_in_one_mark_and_no_marks_or_words_touch(curated, width, by):
    found = lanes(entries(curated), Names())
    order = {x.claim.id: at for at, x in enumerate(x for lane in found for x in lane.entries)}
    drawn = timeline(found, width, by, order).render("t", "t", "t")
    inside = [int(n) for group in re.findall(r'data-c="([\d ]+)"', drawn) for n in group.split()]
    assert sorted(inside) == list(range(len(curated)))
    marks = [box(piece) for piece in re.findall(r'<(?:circle|polygon)[^>]*class="mark"[^>]*>', drawn)]
    assert len(marks) > 20
    assert all(left >= 0 and right <= width for left, right, _, _ in marks)
    assert [pair for pair in pairs(marks) if touch(*pair)] == []
    words = [
        word(match) for match in re.finditer(
            r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)" fill="[^"]+"(?: font-style="italic")?'
            r' stroke="#fff"[^>]*>([^<]+)', drawn)
    ]  # fmt: skip
    assert [pair for pair in pairs(words) if touch(*pair)] == []
    assert [(a, b) for a in words for b in marks if touch(a, b)] == []


def box(piece: str) -> tuple[float, float, float, float]:
    """Left, right, top, bottom of a mark."""
    if "<circle" in piece:
        x, y, r = (float(re.search(rf'{name}="([\d.]+)"', piece)[1]) for name in ("cx", "cy", "r"))
        return x - r, x + r, y - r, y + r
    points = [tuple(map(float, p.split(","))) for p in re.search(r'points="([^"]+)"', piece)[1].split()]
    xs, ys = zip(*points, strict=True)
    return min(xs), max(xs), min(ys), max(ys)


def word(match: re.Match[str]) -> tuple[float, float, float, float]:
    x, y, wide = float(match[1]), float(match[2]), 6.0 * len(match[4])
    left = {"start": x, "middle": x - wide / 2, "end": x - wide}[match[3]]
    return left, left + wide, y - 9, y + 2


def pairs(boxes):
    return [(a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :]]


def touch(a, b) -> bool:
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


def test_marks_closer_than_a_bin_share_one_with_their_number(curated):
    found = entries([made(key=str(n), summary="x", said=f"2026-01-{n:02d}") for n in range(1, 29)])
    days = {x.claim.id: date.fromisoformat(x.claim.said) for x in found}
    made_of = clusters(found, days, axis(list(days.values()), 0, 200))
    assert sum(len(x.entries) for x in made_of) == 28
    assert all(b.x - a.x >= BIN for a, b in itertools.pairwise(made_of))


def test_the_busy_time_gets_the_room_and_order_is_kept():
    days = [date(2026, 1, n) for n in range(1, 29)] + [date(1962, 2, 7), date(2012, 1, 1), date(2046, 1, 1)]
    time_axis = axis([*days, None], 0, 1000)
    busy = time_axis.place(date(2026, 1, 28)) - time_axis.place(date(2026, 1, 1))
    assert busy > 100
    placed = [time_axis.place(day) for day in sorted(days)]
    assert placed == sorted(placed)
    assert time_axis.place(None) > placed[-1]


def test_many_lifelines_share_the_last_row_and_none_is_lost():
    claims = [
        made(key=f"{n}", summary="x", supporter=f"S{n}", target="IRN", channel="open") for n in range(60)
    ]
    rows = rows_of(lanes(entries(claims), Names()))
    assert len(rows) == SHOWN
    assert rows[-1].label == f"{60 - SHOWN + 1} others together"
    assert sum(len(row.entries) for row in rows) == 60


def test_words_and_deeds_and_stages_are_told_apart():
    assert kind(made(summary="x", channel="verbal", supporter="CHN")) == "verbal"
    assert kind(made(summary="x", channel="aid", supporter="CHN")) == "material"
    assert kind(made(summary="x", channel="aid", supporter="CHN", verbal_material="verbal")) == "verbal"
    assert kind(made(summary="x")) == "neither"
    assert phase(made(summary="x", stage="agreed")) == "promised"
    assert phase(made(summary="x", stage="delivered")) == "done"
    assert phase(made(summary="x", stage="delivered", negated=True)) == "ended"
    looks = set()
    for claim in (
        made(key="w", summary="x", verbal_material="verbal"),
        made(key="d", summary="x", verbal_material="material"),
    ):
        lane = lanes(entries([claim]), Names())
        drawn = timeline(lane, 700, "said", {claim.id: 0}).render("t", "t", "t")
        mark = re.search(r'<(circle|polygon)[^>]*class="mark"[^>]*stroke="(#\w+)"', drawn)
        looks.add((mark[1], mark[2]))
    assert len({shape for shape, _ in looks}) == len({colour for _, colour in looks}) == 2


# -- conflicts, funnels, counts -----------------------------------------------------------------------


def test_a_conflict_card_shows_its_sides_kind_and_what_it_moves(synthetic):
    def share(key, origin, central):
        return made(
            key=key,
            summary=f"It is {central}.",
            origin=origin,
            topic="IRN.china_share_of_oil_exports",
            value={"low": central, "central": central, "high": central, "unit": "fraction"},
            supporter="CHN",
            target="IRN",
            channel="shielded",
            about={"start": "2025", "end": "2025"},
        )

    low, high = share("a", "Tracker A", 0.5), share("b", "Tracker B", 0.9)
    swing = dataclasses.replace(synthetic.make().swing[0], claims=(low.id, high.id))
    records = {c.id: c.model_dump(mode="json", by_alias=True, exclude_defaults=True) for c in (low, high)}
    told = synthetic.make(claims=records, swing=(swing,), conflicts=())
    (card,) = cards(entries([low, high]), Names(told), told)
    assert card.kind == "contradiction"
    assert [[x.claim.id for x in side] for side in card.sides] == [[low.id], [high.id]]
    assert [(move.what, move.leverage, move.loss) for move in card.moves] == [
        ("China's share of the oil shipped", "13 pp", "0.80 pp")
    ]
    page = pages(told)["ledger.html"]
    assert "China's share of the oil shipped".replace("'", "&#39;") in page
    assert "moves by <b>13 pp</b>" in page
    unmoved = dataclasses.replace(swing, claim="other", claims=(low.id,))
    (card,) = cards(entries([low, high]), Names(told), synthetic.make(claims=records, swing=(unmoved,)))
    assert card.moves == ()


def test_a_conflict_that_no_swing_turns_on_says_so(curated, assessment):
    found = entries([c for c in curated if c.target == "CUB"])
    for card in cards(found, Names(), assessment):
        assert card.swung
        assert not card.moves
    assert all(not card.swung for card in cards(found, Names()))


def test_all_three_kinds_of_conflict_are_on_the_page(whole):
    kinds = set(re.findall(r'class="badge">(\w+)<', whole))
    assert kinds == {"contradiction", "tension", "update"}


def test_a_funnel_gives_amounts_with_units_keeps_frames_apart_and_says_what_is_unknown(curated):
    found = {
        p.parties: p for p in pledges(entries([c for c in curated if c.target in {"IRN", "CUB"}]), Names())
    }
    iran = found["China to Iran"]
    frames = [one for one in iran.commitments if one.umbrella]
    assert len(frames) == len(iran.commitments) - iran.counted == 2
    assert all("never added" in one.delivered for one in frames)
    rice = next(one for one in found["China to Cuba"].commitments if one.name == "CUB-CHN-rice-2024")
    assert [(s.name, s.amount[-1]) for s in rice.stages] == [("announced", "t"), ("delivered", "t")]
    assert rice.delivered == "Delivered of promised: 9.7 %."
    solar = next(one for one in found["China to Cuba"].commitments if one.name == "CUB-CHN-solar")
    assert solar.delivered == "Delivered of promised: unknown; no claim says that anything arrived."
    assert solar.stages[0].amount == ""
    assert dict(iran.reached)["financed"] == 1
    amounts = {(one.name, s.name): s.amount for one in iran.commitments for s in one.stages}
    assert amounts["IRN-CHN-credit", "agreed"] == "at least 25 bn USD"
    assert amounts["IRN-oil-for-works", "financed"] == "at most 8.4 bn USD"


def test_a_share_of_an_open_promise_is_a_bound():
    common = {"summary": "x", "supporter": "CHN", "target": "IRN", "commitment": "c"}
    claims = [
        made(key="a", stage="announced", value={"low": 100, "unit": "t"}, **common),
        made(key="b", stage="delivered", value={"low": 25, "high": 25, "unit": "t"}, **common),
    ]
    (found,) = pledges(entries(claims), Names())
    (one,) = found.commitments
    assert one.delivered == "Delivered of promised: at most 25 %."
    assert [(s.amount, s.share) for s in one.stages] == [("at least 100 t", 1.0), ("25 t", 0.25)]


def test_words_and_deeds_are_counted_per_supporter_and_relays_once():
    common = {"summary": "x", "supporter": "CHN", "target": "IRN"}
    first = made(key="a", channel="aid", stage="delivered", **common)
    claims = [
        first,
        made(key="b", channel="aid", stage="delivered", relay_of=first.id, **common),
        made(key="c", channel="verbal", **common),
        made(key="d", channel="open", stage="announced", **common),
        made(key="e", channel="open", stage="suspended", **common),
        made(key="f", **common),
    ]
    (tally,) = tallies(entries(claims), Names())
    assert (tally.words, tally.promised, tally.done, tally.ended, tally.unstated, tally.neither) == (
        1,
        1,
        1,
        1,
        0,
        1,
    )
    assert tally.share == 0.25


def test_the_page_says_that_it_is_no_sample(whole):
    assert "nothing here is a sample" in whole
    assert "not what was said or done in the world" in whole


# -- size, and the command ----------------------------------------------------------------------------


def test_a_thousand_claims_make_a_page_of_a_few_megabytes_in_seconds(curated):
    many = [
        claim.changed(key=f"{claim.key}-{n}", said=f"202{n % 6}-0{1 + n}-1{n % 10}", links=())
        for claim in curated
        for n in range(5)
    ]
    assert len(many) > 1000
    start = time.perf_counter()
    text = shown(many)
    assert time.perf_counter() - start < 20
    assert len(text.encode()) < 4_000_000


def test_the_command_writes_the_page_of_the_claims_its_filters_choose(tmp_path, capsys):
    path = tmp_path / "cuba.html"
    assert (
        cli.run(["claims", "--target", "CUB", "--channel", "aid", "--as-of", "2026-02", "--html", str(path)])
        == 0
    )
    ids = set(re.findall(r'<li class="rec" id="claim-(\w+)"', path.read_text(encoding="utf-8")))
    capsys.readouterr()
    cli.run(["claims", "--target", "CUB", "--channel", "aid", "--as-of", "2026-02", "--json"])
    assert ids == {claim["id"] for claim in json.loads(capsys.readouterr().out)}
    assert [each.name for each in tmp_path.iterdir()] == ["cuba.html"]


def test_the_command_completes_sentences_from_the_articles_it_is_given(tmp_path, capsys):
    from tertius.ledger.read import articles
    from tertius.ledger.store import Ledger

    article = tmp_path / "a.txt"
    article.write_text(TEXT)
    (read,) = articles(article)
    with Ledger.open(tmp_path / "my.db") as ledger:
        ledger.admit("Paper A")
        ledger.add([spanned("300 tonnes of rice", doc=read.doc.model_dump() | {"publisher": "Paper A", "published": "2026-01-14"}, supporter="CHN", target="PRK", channel="aid")])  # fmt: skip
    path = tmp_path / "out.html"
    options = ["claims", "--target", "PRK", "--ledger", str(tmp_path / "my.db"), "--html", str(path)]
    assert cli.run(options) == 0
    assert "officials said" not in path.read_text(encoding="utf-8")
    assert cli.run([*options, "--article", str(article)]) == 0
    assert "<mark>300 tonnes of rice</mark>, officials said" in path.read_text(encoding="utf-8")


def test_the_command_names_claims_that_wait_in_quarantine(tmp_path, capsys):
    from tertius.ledger.store import Ledger

    with Ledger.open(tmp_path / "my.db") as ledger:
        ledger.add([made(summary="x", doc={"publisher": "Nobody Knows"})])
    path = tmp_path / "out.html"
    assert (
        cli.run(["claims", "--target", "PRK", "--ledger", str(tmp_path / "my.db"), "--html", str(path)]) == 0
    )
    assert "1 claims of the file wait in quarantine" in capsys.readouterr().err
    assert "wait in quarantine" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--html", "nowhere/deep/x.html"], "no folder"),
        (["--html", "."], "is a folder"),
        (["--html", "x.html", "--json"], "choose one"),
        (["--article", "a.txt"], "give --html"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_read(
    options, words, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert cli.run(["claims", *options]) == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_page(tmp_path, monkeypatch):
    from pathlib import Path

    path = tmp_path / "x.html"
    path.write_text("old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(InputError, match="No space left"):
        write_ledger(path, [], Asked("x"))
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["x.html"]


def test_what_is_of_no_lifeline_is_not_said_to_be_of_no_country() -> None:
    names = Names()
    assert lane_label("", "", "", names, several=True) == "other acts and facts"
    assert lane_label("IRN", "", "", names, several=True).endswith(", no supporter named")
