"""The code of docs/engine.md runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python(?: case=(\w+))?\n(.*?)```", PAGE, re.DOTALL)
PLAIN = [code for case, code in BLOCKS if not case]
SAID = {
    "cp2015_nafta": "Mexico: 1.31 %, real wage 1.72 %",
    "icio2022_80x50": "real wage in Russia: 0.9",
    "icio2022_81x28_tariffs": "times that of the base year",
}


def test_the_example_with_arrays_runs_and_says_what_the_page_shows(capsys):
    space = {}
    for code in PLAIN:
        exec(code, space)
    said = capsys.readouterr().out
    assert "to be consistent" in said
    assert 0.0 < space["result"].of("HOME") < 0.5
    assert space["result"].residual < 1e-10
    assert (space["result"].trade_share[0, 1, 0], len(space["results"])) == (0.0, 2)


@pytest.mark.parametrize(("case", "code"), [b for b in BLOCKS if b[0]], ids=[c for c, _ in BLOCKS if c])
def test_the_mapping_of_each_case_runs(case, code, capsys):
    folder = ROOT.parent / "shared" / "cases" / case
    if not folder.exists():
        pytest.skip(f"needs ../shared/cases/{case} beside the repository")
    space = {"folder": folder}
    exec("import numpy as np\nfrom tertius.engine import *", space)
    exec(code, space)
    assert space["result"].residual < 1e-10
    assert SAID[case] in capsys.readouterr().out


def test_the_page_covers_every_case_that_runs_and_every_rule():
    from tertius.engine.problem import DEFICITS

    assert {case for case, _ in BLOCKS if case} == set(SAID)
    assert all(f'`"{rule}"`' in PAGE for rule in DEFICITS)
