"""The terminal tables and --explain."""

from __future__ import annotations

import dataclasses
import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from tertius.errors import UnknownNameError
from tertius.report.terminal import SHOWN, WIDTH, explain, render


def console(width: int = WIDTH) -> Console:
    return Console(file=io.StringIO(), width=width)


def printed(to: Console) -> str:
    assert isinstance(to.file, io.StringIO)
    return to.file.getvalue()


@pytest.mark.parametrize("width", [80, 100, 180])
def test_nothing_is_wider_than_the_terminal_or_100_columns(assessment, width):
    to = console(width)
    render(assessment, to)
    explain(assessment, "China", to)
    assert max(cell_len(line) for line in printed(to).splitlines()) <= min(width, WIDTH)


def test_the_whole_answer_is_printed(assessment):
    to = console()
    render(assessment, to)
    found = printed(to)
    heads = [
        "What is left of the leverage",
        "Loss by horizon",
        "Largest lifelines",
        "the gap",
        "costs the sender",
        "Third parties hit hardest",
        "go short",
        "If the threat is carried out",
        "Disputed",
    ]
    heads += ["Laws checked in this run: 1 of 2 hold", "Not known", "Provenance"]
    assert [head for head in heads if head not in found] == []
    assert "FAILS: a coalition does no worse" in found
    assert "[10–26]" in found
    assert "unknown" in found


def test_long_lists_are_cut_and_say_so(synthetic):
    rows = [(f"X{at:02}", f"Land {at}", "open", 1.0 + at, 0.5) for at in range(33)]
    to = console()
    render(synthetic.make(rows), to)
    assert f"{33 - SHOWN} smaller lifelines: --json, --report" in printed(to)
    assert "Land 0," not in printed(to)
    assert "Land 32," in printed(to)


@pytest.mark.parametrize("who", ["China", "chn", " CHINA ", "PRC"])
def test_a_supporter_is_found_by_name_or_code(assessment, who):
    to = console()
    explain(assessment, who, to)
    assert "China, shielded (listed)" in printed(to)
    assert "China, open (listed)" in printed(to)


@pytest.mark.parametrize("who", ["CHN shielded", "China, shielded", "China shielded"])
def test_one_lifeline_can_be_named(assessment, who):
    to = console()
    explain(assessment, who, to)
    assert "China, shielded (listed)" in printed(to)
    assert "China, open" not in printed(to)


def test_an_explanation_goes_down_to_speakers_dates_and_values(assessment):
    to = console()
    explain(assessment, "CHN shielded", to)
    found = " ".join(printed(to).split())
    assert "Tanker Tracker A, via Wire B; said 2026-01-13; at least 80 %" in found
    assert "China gains 2.5 bn USD 2023 a year from the channel." in found
    assert "q*: 16 [10–26] % [1][2][3][4][5]" in found
    assert "[2] Shadow trade: Iran to China, crude oil gas, 28 [24–37] bn USD 2023 a year" in found
    assert "[3] Judgement: extra cost, freight, 2.0 [1.0–4.0] USD/bbl" in found
    assert "[6] Solved by the model, medium run" in found


def test_what_a_claim_says_is_not_read_as_markup(synthetic):
    made = synthetic.make()
    lines = tuple(x for x in made.lifelines if x.supporter == "CHN")
    for found in made.claims.values():
        found["summary"] = "[bold red]loud[/] [link=x]"
    to = console()
    explain(synthetic.make(lifelines=lines, claims=made.claims), "CHN", to)
    assert "[bold red]loud[/] [link=x]" in printed(to)


def test_a_name_that_is_no_supporter_gets_a_suggestion(assessment):
    with pytest.raises(UnknownNameError, match=r'unknown supporter "Chnia".*"China"'):
        explain(assessment, "Chnia", console())


def test_an_answer_of_many_lifelines_fits_two_screens(synthetic):
    rows = [
        (f"X{at:02}", f"Quite Long-Named Land {at}", channel, 1.0 + at, min(0.004 * (at + 1), 1.0))
        for at in range(25)
        for channel in ("open", "shielded")
    ]
    to = console()
    made = synthetic.make(rows)
    half = len(made.lifelines) // 2
    keys = tuple(f"{line.supporter} {line.channel}" for line in made.lifelines[:half])
    crowded = dataclasses.replace(
        made, breaks_at={"1 %": keys[:6], "5 %": keys[:20], "20 %": keys}, swing=made.swing * 5
    )
    render(crowded, to)
    assert len(printed(to).splitlines()) <= 90


def test_readings_of_one_unit_say_it_once(synthetic):
    to = console()
    made = synthetic.make()
    readings = dataclasses.replace(made.swing[0], reading_low="0.3 probability", reading_high="1 probability")
    render(dataclasses.replace(made, swing=(readings,)), to)
    assert "0.3 to 1 probability" in printed(to)
