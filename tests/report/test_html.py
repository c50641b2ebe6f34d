"""The written page."""

from __future__ import annotations

import itertools
import json
import re
from html.parser import HTMLParser

import pytest

from tertius.errors import InputError
from tertius.leverage.assessment import Quantity
from tertius.leverage.document import to_json
from tertius.report import html as page_module
from tertius.report.html import keep_bands, page, write_report
from tertius.report.pictures import FIGURES, NEEDS, pictures


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
def drawn(assessment):
    return pictures(assessment)


@pytest.fixture(autouse=True)
def _drawn_once(drawn, monkeypatch):
    """Draw the figures a single time: these tests are about the page around them."""
    needed = lambda made: tuple(p for p in drawn if getattr(made, NEEDS[p.name]))  # noqa: E731
    monkeypatch.setattr(page_module, "pictures", needed)


@pytest.fixture(scope="module")
def text(assessment, drawn):
    return page(assessment, drawn)


@pytest.fixture(scope="module")
def seen(text):
    parser = Seen()
    parser.feed(text)
    return parser


def test_the_folder_holds_the_page_the_document_and_the_figures(assessment, tmp_path):
    written = write_report(assessment, tmp_path / "deep" / "report")
    assert written.name == "index.html"
    names = {path.name for path in written.parent.iterdir()}
    assert names == {"index.html", "assessment.json", *(f"figure-{name}.svg" for name in FIGURES)}
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
    for attributes in numbers:
        assert attributes["title"]
        if "href" in attributes:
            assert attributes["href"].removeprefix("#") in ids
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
        *("asked", "curve", "lifelines", "losses", "attribution", "costs", "cover", "disputed", "quality"),
        *("checks", "unknown", "sources", "provenance"),
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


def test_the_slider_gets_every_step(text, assessment):
    steps = json.loads(re.search(r'id="curve-steps">(.*?)</script>', text)[1])
    assert [step["q"] for step in steps] == [point.q for point in assessment.curve]


def test_a_failed_check_stands_out(text):
    assert text.count('class="fails"') == 1
    assert "✗ fails" in text


def test_a_band_and_its_per_cent_stay_on_one_line():
    kept = str(keep_bands("It loses 4.6 % [2.9–7.4] of <income>, 19 [13–25] % at 5 %."))
    assert '<span class="keep">4.6\xa0% [2.9–7.4]</span>' in kept
    assert '<span class="keep">19 [13–25]\xa0%</span> at 5\xa0%.' in kept
    assert "&lt;income&gt;" in kept
