from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tertius.cli.world import app
from tertius.errors import DataError, UnknownNameError
from tertius.world.datasheet import data_sheet

runner = CliRunner(env={"COLUMNS": "180"})
DOCS = Path(__file__).parents[2] / "docs" / "data-sheet.md"


def run(*words: str) -> str:
    result = runner.invoke(app, list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_info_shows_checks_residuals_and_quality() -> None:
    text = run("info")
    assert "world GDP" in text
    assert "GDP (UNSD)" in text
    assert re.search(r"central\W+\d", text)
    assert "outside" not in text.replace("outside ICIO", "")


def test_sectors_lists_all_ten() -> None:
    text = run("sectors")
    assert "crude_oil_gas" in text
    assert len(re.findall(r"^│", text, re.MULTILINE)) == 10


def test_countries_can_be_limited_to_a_group() -> None:
    assert "Iran" in run("countries")
    text = run("countries", "--group", "G7")
    assert "Japan" in text
    assert "Iran" not in text


def test_show_takes_names_and_tells_recorded_from_shadow() -> None:
    central, recorded = run("show", "iran"), run("show", "IRN", "--recorded")
    assert "shadow trade: central reading" in central
    assert "recorded trade only" in recorded
    exports = [float(re.search(r"exports ([\d.]+)", text).group(1)) for text in (central, recorded)]
    assert exports[0] > 2 * exports[1]
    assert "2015" in run("show", "Cuba", "--year", "2015")


def test_unknown_names_are_refused_with_suggestions() -> None:
    with pytest.raises(UnknownNameError, match='Did you mean "Iran"'):
        run("show", "Irann")
    with pytest.raises(UnknownNameError, match="2023"):
        run("show", "Iran", "--year", "2020")
    with pytest.raises(UnknownNameError, match="BRICS"):
        run("countries", "--group", "BRICKS")


def test_build_from_an_empty_folder_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        run("build", "--data", str(tmp_path), "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_the_page_in_the_docs_shows_the_shipped_snapshots() -> None:
    generated = DOCS.read_text(encoding="utf-8").split("<!-- generated -->\n")[1]
    assert generated.strip() == data_sheet().strip()
