"""The written page."""

from __future__ import annotations

import html
import itertools
import json
import re
from html.parser import HTMLParser

import pytest

from tertius.errors import InputError
from tertius.ledger.priors import load_priors
from tertius.leverage.assessment import Quantity
from tertius.leverage.document import to_json
from tertius.report import html as page_module
from tertius.report import tables
from tertius.report.html import keep_bands, page, write_report
from tertius.report.pictures import FIGURES
from tertius.world.shadow import read_entries


class Seen(HTMLParser):
    """Tags, ids, links and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def text(assessment):
    return page(assessment)


@pytest.fixture(scope="module")
def seen(text):
    parser = Seen()
    parser.feed(text)
    return parser


def test_the_folder_holds_the_page_the_document_and_the_figures(assessment, tmp_path):
    written = write_report(assessment, tmp_path / "deep" / "report")
    assert written.name == "index.html"
    names = {path.name for path in written.parent.iterdir()}
    assert names == {
        "index.html",
        "ledger.html",
        "assessment.json",
        *(f"figure-{name}.svg" for name in FIGURES),
    }
    assert (written.parent / "assessment.json").read_text(encoding="utf-8") == to_json(assessment)
    assert [path.name for path in written.parent.parent.iterdir()] == ["report"]


def test_the_same_assessment_gives_the_same_page(assessment, text):
    assert page(assessment) == text


def test_a_second_run_replaces_its_own_files_and_leaves_others(synthetic, tmp_path):
    write_report(synthetic.make(), tmp_path)
    (tmp_path / "mine.txt").write_text("mine")
    write_report(synthetic.make(swing=(), headline="Another headline."), tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert "Another headline." in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert not (tmp_path / "figure-swing.svg").exists()


def test_a_failure_leaves_the_old_report_as_it_was(synthetic, tmp_path, monkeypatch):
    write_report(synthetic.make(), tmp_path / "report")
    before = {path.name: path.read_bytes() for path in (tmp_path / "report").iterdir()}
    bad = synthetic.make(days_of_cover={"days": Quantity(float("nan"), 1, 2, "days", None)})
    with pytest.raises(InputError):
        write_report(bad, tmp_path / "report")
    assert {path.name: path.read_bytes() for path in (tmp_path / "report").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_file_in_the_way_is_an_error_before_anything_is_drawn(assessment, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("x")
    monkeypatch.setattr(page_module, "pictures", lambda _: pytest.fail("drew first"))
    with pytest.raises(InputError, match="give a folder"):
        write_report(assessment, tmp_path / "taken")
    with pytest.raises(InputError, match="give a folder"):
        write_report(assessment, tmp_path / "taken" / "deeper")


def test_nothing_in_the_page_is_loaded_from_elsewhere(seen, text):
    for tag, attributes in seen.tags:
        assert tag not in {"iframe", "object", "embed", "img", "base"}
        assert tag == "a" or not re.match(
            r"(https?:)?//", attributes.get("src") or attributes.get("href") or ""
        )
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)


def test_text_of_claims_is_escaped(seen, text):
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in text
    scripts = [attributes for tag, attributes in seen.tags if tag == "script"]
    assert scripts == [{"type": "application/json", "id": "curve-steps"}, {}]
    assert not any("onerror" in attributes for _, attributes in seen.tags)


def test_an_address_that_is_not_a_web_address_is_not_linked(synthetic):
    made = synthetic.make()
    for found in made.claims.values():
        found["doc"]["url"] = "javascript:alert(1)"
    assert "javascript:" not in page(made)


def test_every_number_has_a_tooltip_and_leads_to_its_sources(seen, assessment):
    numbers = [attributes for _, attributes in seen.tags if attributes.get("class") == "q"]
    assert len(numbers) > 8 * len(assessment.lifelines)
    ids = {attributes.get("id") for _, attributes in seen.tags}
    beside = {f"ledger.html#claim-{key}" for key in assessment.claims}
    for attributes in numbers:
        assert attributes["title"]
        if "href" in attributes:
            assert attributes["href"] in beside or attributes["href"].removeprefix("#") in ids
        else:
            assert "No source is given" in attributes["title"]
    linked = [attributes for attributes in numbers if "href" in attributes]
    assert len(linked) > 0.95 * len(numbers)


def test_every_claim_has_its_anchor(seen, assessment):
    ids = {attributes.get("id") for _, attributes in seen.tags}
    assert {f"claim-{key}" for key in assessment.claims} <= ids


def test_a_source_without_a_record_is_named_as_such(synthetic):
    lone = {"need": Quantity(1, 2, 3, "kb/d", 2025, ("claim:feedbeef",))}
    shown = page(synthetic.make(days_of_cover=lone))
    assert 'href="#claim-feedbeef"' in shown
    assert 'id="claim-feedbeef"' in shown
    assert "whose record is not part of this assessment" in shown


def test_headings_go_down_one_step_at_a_time(seen):
    levels = [int(tag[1]) for tag, _ in seen.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_every_section_of_an_assessment_is_there(seen):
    ids = {attributes.get("id") for tag, attributes in seen.tags if tag == "section"}
    assert ids == {
        *("curve", "lifelines", "losses", "attribution", "costs", "cover", "disputed", "unknown", "quality"),
        *("checks", "sources", "asked", "provenance"),
    }


def test_what_was_not_asked_leaves_no_empty_section(synthetic):
    shown = page(synthetic.make(days_of_cover=None, enforced=None))
    assert 'id="cover"' not in shown
    assert "If the threat were carried out" not in shown


def test_an_empty_assessment_is_still_a_page(synthetic):
    shown = page(
        synthetic.make(
            [],
            claims={},
            conflicts=(),
            swing=(),
            costs=(),
            checks=(),
            unknown=(),
            quality={},
            days_of_cover=None,
        )
    )
    assert "No claim was used." in shown
    assert "Nothing was listed, which is itself doubtful." in shown


def test_the_slider_gets_every_solved_point_and_every_break_between_them(text, assessment):
    steps = json.loads(re.search(r'id="curve-steps">(.*?)</script>', text)[1])
    assert [step["q"] for step in steps] == sorted(step["q"] for step in steps)
    assert {point.q for point in assessment.curve} <= {step["q"] for step in steps}
    broken = [name for step in steps for name in step["breaks"]]
    assert "China, shielded" in broken
    assert not any("Iraq" in name for name in broken)


def test_a_failed_check_stands_out(text):
    assert text.count('class="fails"') == 1
    assert "✗ fails" in text


def test_a_band_and_its_per_cent_stay_on_one_line():
    kept = str(keep_bands("It loses 4.6 % [2.9–7.4] of <income>, 19 [13–25] % at 5 %."))
    assert '<span class="keep">4.6\xa0% [2.9–7.4]</span>' in kept
    assert '<span class="keep">19 [13–25]\xa0%</span> at 5\xa0%.' in kept
    assert "&lt;income&gt;" in kept


def test_the_answer_comes_first(text):
    answer = text[text.index('id="curve"') : text.index("<nav")]
    assert text.index("<h1>") < text.index('id="curve"') < text.index('id="lifelines"')
    for said in (
        "What is left of the leverage",
        "Loss by horizon",
        "What it costs the sender",
        "figure-curve",
    ):
        assert said in answer
    rows = re.findall(r'<th scope="row">([^<]*)</th>', answer)
    assert rows[:4] == ["1 %", "5 %", "20 %", "never"]
    assert rows[4:7] == ["one year", "medium run", "long run"]


def test_long_tails_are_folded(seen, synthetic):
    many = [(f"X{at:02}", f"Land {at}", "open", 1.0 + at, 0.5) for at in range(40)]
    shown = page(synthetic.make(many))
    assert f"The {40 - tables.SHOWN} smaller ones" in shown
    before_fold = shown[shown.index('id="lifelines"') : shown.index("smaller ones")]
    assert before_fold.count('scope="row"') == tables.SHOWN
    assert 'class="t-smaller' not in page(synthetic.make(many[:10]))


def test_a_source_is_described_with_title_vintage_licence_and_citation(text):
    found = listed(text, "source-cepii-baci")
    for said in ("BACI", "V202501", "Etalab Open Licence", "Gaulier", "re-exports routed back"):
        assert said in found


def test_a_judgement_is_marked_as_one_and_says_why(text):
    prior = load_priors("2026-01-13")["extra_cost.freight"]
    found = listed(text, "prior-extra-cost-freight")
    assert "judgement, not measured" in found
    assert html.escape(prior.reason) in found
    assert f"[{prior.low:.1f}–{prior.high:.1f}]" in found
    assert prior.dated in found


def test_shadow_trade_says_what_was_done_and_leads_to_its_claims(text, assessment):
    entry = next(each for each in read_entries() if each.id == "irn-crude-chn")
    found = listed(text, "shadow-irn-crude-chn")
    assert "relabelled" in found
    assert html.escape(entry.reason, quote=False).replace("'", "&#39;") in found
    given = next(key for key, claim in assessment.claims.items() if claim["key"] == "irn-discount-2023")
    assert f'href="ledger.html#claim-{given}"' in found


def test_a_key_nobody_describes_is_named_not_dropped(synthetic):
    odd = {"days": Quantity(1, 2, 3, "days", 2025, ("source:nowhere", "prior:nothing", "shadow:none"))}
    shown = page(synthetic.make(days_of_cover=odd))
    for anchor in ("source-nowhere", "prior-nothing", "shadow-none"):
        assert f'id="{anchor}"' in shown


def test_claims_behind_numbers_come_before_the_others(text, assessment):
    ids = {claim["key"]: key for key, claim in assessment.claims.items()}
    at = {key: text.index(f'id="claim-{claim}"') for key, claim in ids.items()}
    fold = text.index("that no number rests on")
    assert at["irn-discount-2023"] < fold
    assert at["tracker"] < fold
    assert at["nasty"] > fold
    assert at["tariff"] > fold


def test_the_world_with_the_threat_carried_out_is_a_table_of_quantities(text):
    found = text[text.index('class="t-enforced') :]
    found = found[: found.index("</table>")]
    assert "sender loss, US" in found
    assert re.findall(r'<th scope="row">([^<]*)</th>', found) == ["0 %", "5 %", "100 %"]
    assert found.count('href="#engine-medium"') == 6


def test_a_world_with_the_threat_carried_out_in_another_shape_is_still_shown(synthetic):
    shown = page(synthetic.make(enforced={"target_loss_pct": 0.4, "hit": ["ARE open"]}))
    assert "target loss, %" in shown
    assert "United Arab Emirates, open" in shown


def test_a_verbatim_span_is_quoted_and_our_words_are_not(synthetic):
    made = synthetic.make()
    first, second = list(made.claims)[:2]
    made.claims[first] = {**made.claims[first], "summary": "", "span": {"text": "spoken word"}}
    shown = page(made)
    assert "<q>spoken word</q>" in shown
    assert f"<q>{made.claims[second]['summary']}" not in shown


def listed(text: str, anchor: str) -> str:
    start = text.index(f'<li id="{anchor}"')
    return text[start : text.index("</li>", start)]
