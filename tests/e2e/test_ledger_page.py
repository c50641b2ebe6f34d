"""The ledger page in a real browser."""

from __future__ import annotations

import pytest

WIDTHS = [390, 1024, 1600]
VISIBLE = "document.querySelectorAll('.rec:not([hidden])').length"


@pytest.fixture(scope="session")
def ledger(tmp_path_factory):
    from tertius.ledger import load_curated
    from tertius.report.ledger_page import Asked, write_ledger

    return write_ledger(tmp_path_factory.mktemp("ledger") / "ledger.html", load_curated(), Asked("All of it"))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_asks_for_nothing_and_nothing_sticks_out(browser, ledger, width):
    browser.open(ledger.as_uri(), width)
    assert [x for x in browser.requested() if not x.startswith("data:")] == [ledger.as_uri()]
    assert browser.complaints() == []
    assert browser.ask("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("by", ["said", "about"])
@pytest.mark.parametrize("width", WIDTHS)
def test_one_timeline_is_shown_and_nothing_in_it_overlaps(browser, ledger, width, by):
    browser.open(ledger.as_uri(), width)
    browser.ask(f"document.getElementById('by-{by}').click()")
    drawn = "[...document.querySelectorAll('.by svg')].filter(s => s.clientWidth > 0)"
    assert browser.ask(f"{drawn}.length") == 1
    assert browser.ask(f"{drawn}[0].closest('figure').className") == f"by-{by}"
    found = browser.ask(
        f"""(() => {{
            const svg = {drawn}[0], box = svg.getBoundingClientRect();
            const boxes = q => [...svg.querySelectorAll(q)].map(e => e.getBoundingClientRect());
            const words = boxes('text[stroke]'), marks = boxes('.mark');
            const touch = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 &&
                a.top < b.bottom - 4 && b.top < a.bottom - 4;
            const pairs = list => list.flatMap((a, at) => list.slice(at + 1).filter(b => touch(a, b)));
            const out = [...words, ...marks].filter(r => r.left < box.left - 1 || r.right > box.right + 1);
            const size = Math.min(...[...svg.querySelectorAll('text')].map(t => t.getBoundingClientRect().height));
            return [pairs(words).length, pairs(marks).length,
                    words.flatMap(w => marks.filter(m => touch(w, m))).length, out.length, size >= 9, marks.length > 40];
        }})()"""
    )
    assert found == [0, 0, 0, 0, True, True]


def test_filters_leave_what_matches_and_can_be_undone(browser, ledger):
    browser.open(ledger.as_uri())
    every = browser.ask(VISIBLE)
    browser.ask(
        "(s => { s.value = 'MEX'; s.dispatchEvent(new Event('input', {bubbles: true})); })"
        "(document.querySelector('[name=supporter]'))"
    )
    left = browser.ask(VISIBLE)
    assert 0 < left < every
    assert browser.ask(
        "[...document.querySelectorAll('.rec:not([hidden])')].every(r => r.dataset.supporter == 'MEX')"
    )
    assert browser.ask("document.querySelector('.filters output').textContent") == f"{left} of {every} claims"
    assert browser.ask("document.querySelectorAll('svg a.dim').length") > 0
    browser.ask("document.querySelector('.filters button').click()")
    browser.ask("new Promise(done => setTimeout(done, 50))")
    assert browser.ask(VISIBLE) == every


def test_a_mark_leads_to_its_records(browser, ledger):
    browser.open(ledger.as_uri())
    number = browser.ask(
        "(a => { a.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));"
        " return a.dataset.c.split(' ').length; })"
        "([...document.querySelectorAll('.cut-large svg a[data-c*=\" \"]')][0])"
    )
    browser.ask("new Promise(done => setTimeout(done, 50))")
    assert number > 1
    assert browser.ask(VISIBLE) == number
    assert browser.ask(
        "document.querySelector('.rec:not([hidden])').getBoundingClientRect().top < innerHeight"
    )


def test_without_scripts_everything_is_there(browser, ledger):
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(ledger.as_uri())
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)
    assert browser.ask("getComputedStyle(document.querySelector('.filters')).display") == "none"
    assert browser.ask("[...document.querySelectorAll('.rec')].every(r => r.offsetHeight > 0)")
    assert browser.ask("document.querySelector('.by-about').offsetHeight") == 0
    browser.ask("document.getElementById('by-about').click()")
    assert browser.ask("document.querySelector('.by-about').offsetHeight") > 0


def test_the_keyboard_sees_where_it_is_in_the_figure(browser, ledger):
    browser.open(ledger.as_uri())
    browser.ask("document.querySelector('#by-said').focus()")
    browser.press("Tab")
    assert browser.ask("document.activeElement.closest('svg') !== null")
    assert browser.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_it_prints_with_both_timelines(browser, ledger):
    browser.open(ledger.as_uri())
    browser.send("Emulation.setEmulatedMedia", media="print")
    try:
        shown = browser.ask(
            "[...document.querySelectorAll('.by svg')].filter(s => s.getBoundingClientRect().width > 0).length"
        )
    finally:
        browser.send("Emulation.setEmulatedMedia", media="")
    assert shown == 2
    assert len(browser.pdf()) > 20_000


def test_report_and_ledger_lead_to_each_other_in_the_browser(browser, report):
    browser.open(report.as_uri())
    goal = browser.ask("document.querySelector('a[href^=\"ledger.html#\"]').href")
    browser.open(goal)
    assert browser.ask("document.querySelector(location.hash).className") == "rec"
    back = browser.ask("document.querySelector('.rec a[href^=\"index.html#number\"]').href")
    browser.open(back)
    assert browser.ask("document.querySelector(location.hash).className") == "q"
    assert browser.complaints() == []
