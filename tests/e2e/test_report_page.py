"""The written page in a real browser."""

from __future__ import annotations

import pytest

WIDTHS = [1280, 390]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_asks_for_nothing_but_itself_and_the_console_stays_silent(browser, report, width):
    browser.open(report.as_uri(), width)
    wanted = [address for address in browser.requested() if not address.startswith("data:")]
    assert wanted == [report.as_uri()]
    assert browser.complaints() == []


def test_the_listener_would_notice_a_request_and_an_error(browser, tmp_path):
    page = tmp_path / "noisy.html"
    page.write_text("<!doctype html><img src='missing.png'><script>console.error('loud')</script>")
    browser.open(page.as_uri())
    assert any(address.endswith("missing.png") for address in browser.requested())
    assert browser.complaints()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_sideways(browser, report, width):
    browser.open(report.as_uri(), width)
    assert browser.ask("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_one_cut_of_every_figure_is_shown_and_its_text_is_readable(browser, report, width):
    browser.open(report.as_uri(), width)
    seen = browser.ask(
        "[...document.querySelectorAll('figure')].map(f =>"
        " [...f.querySelectorAll('svg')].filter(s => s.clientWidth > 0).length)"
    )
    assert seen == [1] * 5
    smallest = browser.ask(
        "Math.min(...[...document.querySelectorAll('figure svg text')]"
        ".map(t => t.getBoundingClientRect().height).filter(h => h > 0))"
    )
    assert smallest >= 9


@pytest.mark.parametrize("width", WIDTHS)
def test_no_words_of_a_figure_are_cut_off(browser, report, width):
    browser.open(report.as_uri(), width)
    cut = browser.ask(
        """[...document.querySelectorAll('figure svg')].filter(s => s.clientWidth > 0).flatMap(s => {
            const box = s.getBoundingClientRect();
            return [...s.querySelectorAll('text')].filter(t => {
                const r = t.getBoundingClientRect();
                return r.left < box.left - 2 || r.right > box.right + 2;
            }).map(t => t.textContent);
        })"""
    )
    assert cut == []


def test_the_first_screen_gives_the_answer(browser, report):
    browser.open(report.as_uri(), 1280, 900)
    bottoms = browser.ask(
        "['h1', '#figure-curve .wide svg', '.t-breaking', '.t-losses', '.t-sender']"
        ".map(s => document.querySelector(s).getBoundingClientRect().bottom)"
    )
    assert max(bottoms) <= 900


@pytest.mark.parametrize("width", WIDTHS)
def test_no_words_of_a_figure_lie_on_each_other(browser, report, width):
    browser.open(report.as_uri(), width)
    overlaps = browser.ask(
        """(document.querySelectorAll('details').forEach(d => d.open = true),
        [...document.querySelectorAll('figure svg')].filter(s => s.clientWidth > 0).flatMap(s => {
            const all = [...s.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
            return all.flatMap(([a, r], at) => all.slice(at + 1).filter(([b, o]) =>
                r.left < o.right - 1 && o.left < r.right - 1 && r.top < o.bottom - 4 && o.top < r.bottom - 4
            ).map(([b]) => a + ' | ' + b));
        }))"""
    )
    assert overlaps == []


def test_every_link_inside_the_page_arrives_and_no_id_is_used_twice(browser, report):
    browser.open(report.as_uri())
    dead = browser.ask(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))"
        ".filter(id => !document.getElementById(id))"
    )
    assert dead == []
    assert browser.ask("document.querySelectorAll('a[href^=\"#\"]').length") > 100
    twice = browser.ask(
        "(ids => ids.filter((id, at) => ids.indexOf(id) !== at))"
        "([...document.querySelectorAll('[id]')].map(e => e.id))"
    )
    assert twice == []


def test_a_claim_cannot_smuggle_in_markup(browser, report):
    browser.open(report.as_uri())
    assert (
        browser.ask(
            "document.querySelectorAll('main script:not([type=\"application/json\"]), main img').length"
        )
        == 0
    )
    assert "<script>alert('x')</script>" in browser.ask("document.getElementById('sources').textContent")


def test_the_keyboard_reaches_the_skip_link_first_and_moves_the_slider(browser, report):
    browser.open(report.as_uri())
    browser.press("Tab")
    assert browser.ask("document.activeElement.className") == "skip"
    browser.ask("document.getElementById('q-slider').focus()")
    before = browser.ask("document.getElementById('q-readout').textContent")
    assert before.startswith("q = 5 %")
    for _ in range(40):
        browser.press("ArrowRight")
    assert browser.ask("document.getElementById('q-readout').textContent") != before


def test_a_folded_part_opens_when_a_link_leads_to_it(browser, report):
    browser.open(report.as_uri())
    browser.ask("document.querySelector('.t-lifelines tbody a').click()")
    opened = (
        "new Promise(done => setTimeout(() => done(document.querySelectorAll('.made-of[open]').length), 100))"
    )
    assert browser.ask(opened) == 1


def test_a_part_folded_twice_opens_all_the_way(browser, report):
    browser.open(report.as_uri())
    browser.ask("document.querySelector('.t-smaller tbody a').click()")
    seen = (
        "new Promise(done => setTimeout(() => done("
        "document.querySelector('.made-of[open]').checkVisibility({contentVisibilityAuto: true})), 100))"
    )
    assert browser.ask(seen)


def test_it_prints_on_a_handful_of_pages(browser, report):
    browser.open(report.as_uri())
    printed = browser.pdf()
    assert printed.startswith(b"%PDF")
    assert 3 <= printed.count(b"/Type /Page\n") <= 12
