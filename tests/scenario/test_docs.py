import re
from pathlib import Path

import pytest

from tertius.scenario import MEASURES, parse_measure, read_scenario
from tertius.scenario.catalogue import library

PAGE = (Path(__file__).parents[2] / "docs" / "scenario.md").read_text(encoding="utf-8")


def block(kind):
    return re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.mark.parametrize("line", block("measures").splitlines())
def test_every_line_of_the_page_is_a_measure(line):
    assert parse_measure(line).type == line.split()[0]


def test_the_document_of_the_page_reads():
    assert len(read_scenario(block("yaml")).measures) == 2


def test_the_page_names_every_measure_and_every_library_scenario():
    assert [name for name in (*MEASURES, *library()) if f"`{name}`" not in PAGE] == []
