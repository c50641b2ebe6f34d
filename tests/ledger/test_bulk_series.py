"""Months that are covered, months that are not, what is written, and the real ICEWS facts."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tertius.errors import DataError, InputError
from tertius.ledger.bulk import codes, read_events
from tertius.ledger.indicators import of_series

ICEWS = Path(__file__).parents[3] / "shared" / "data" / "events" / "icews"
needs_icews = pytest.mark.skipif(not ICEWS.is_dir(), reason="the ICEWS extract is not on this machine")
KNOWN = {"China": "CHN", "Iran": "IRN", "United States": "USA", "Russia": "RUS"}


def facts(path: Path, *rows: tuple[str, str, str, str]) -> Path:
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


def every_month(year: int, times: int = 1) -> list[tuple[str, str, str, str]]:
    days = [f"{year}-{month:02}-{day + 1:02}" for month in range(1, 13) for day in range(times)]
    return [("China", "Consult", "Iran", day) for day in days]


def test_a_quiet_month_is_zero_and_a_month_without_files_is_not_observed(tmp_path):
    months = (1, 2, 5)
    rows = [("China", "Consult", "Iran", "2026-01-10")]
    rows += [("Russia", "Consult", "Iran", f"2026-{month:02}-10") for month in months]
    with read_events([facts(tmp_path / "a", *rows)], resolve=KNOWN.get) as batch:
        found = batch.series("CHN", "IRN")
    assert [str(month) for month in found.months] == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]
    assert found.observed.tolist() == [True, True, False, False, True]
    assert found.total[[0, 1, 4]].tolist() == [1, 0, 0]
    assert np.isnan(found.total[2])


def test_an_echo_of_long_ago_does_not_stretch_the_period(tmp_path):
    rows = [*every_month(2025, times=28) * 2, ("China", "Consult", "Iran", "1979-02-01")]
    path = facts(tmp_path / "a", *rows)
    with read_events([path], resolve=KNOWN.get) as batch:
        report = batch.report()
        assert (report.first, report.last, report.stray) == ("2025-01", "2025-12", 1)
    with read_events([path], resolve=KNOWN.get, since="1979-01", until="1979-03") as batch:
        assert batch.series("CHN", "IRN").observed.tolist() == [False, True, False]


def test_a_day_with_many_events_is_one_active_day(tmp_path):
    rows = [
        ("China", "Consult", "Iran", day) for day in ("2026-01-10", "2026-01-10", "2026-01-31", "2026-01-02")
    ]
    with read_events([facts(tmp_path / "a", *rows)], resolve=KNOWN.get) as batch:
        found = batch.series("CHN", "IRN")
    assert found.days.astype(str).tolist() == ["2026-01-02", "2026-01-10", "2026-01-31"]


@pytest.mark.parametrize("day", ["", "2026-13-01", "January"])
def test_an_event_without_a_date_is_reported_and_not_counted(tmp_path, day):
    rows = [("China", "Consult", "Iran", "2026-01-10"), ("China", "Consult", "Iran", day)]
    with read_events([facts(tmp_path / "a", *rows)], resolve=KNOWN.get) as batch:
        assert batch.report().dated == 1
        assert batch.series("CHN", "IRN").total.tolist() == [1]


def test_a_batch_without_any_date_says_so(tmp_path):
    form = "date\tactor\trecipient\tevent_type\nlater\tChina\tIran\tAID\n"
    (tmp_path / "a").write_text(form)
    with (
        read_events([tmp_path / "a"], resolve=KNOWN.get) as batch,
        pytest.raises(DataError, match="not one event of the batch has a date"),
    ):
        batch.series("CHN", "IRN")


@pytest.mark.parametrize(("since", "until"), [("2026-13", ""), ("soon", ""), ("2026-02", "2026-01")])
def test_a_period_that_is_none_is_refused(tmp_path, since, until):
    path = facts(tmp_path / "a", *every_month(2026))
    with pytest.raises(InputError, match=r"not a month|before it begins"):
        read_events([path], resolve=KNOWN.get, since=since, until=until)


def test_a_person_counts_for_a_country_only_by_an_alias(tmp_path):
    path = facts(tmp_path / "a", ("Xi Jinping", "Consult", "Iran", "2026-01-10"))
    with read_events([path], resolve=KNOWN.get) as batch:
        assert batch.report().dyadic == 0
    with read_events([path], resolve=KNOWN.get, aliases={"Xi Jinping": "CHN"}) as batch:
        assert batch.dyads() == (("CHN", "IRN", 1),)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_what_is_written_adds_up_to_what_was_read(tmp_path, suffix):
    rows = [
        *every_month(2025),
        ("China", "Provide aid", "Iran", "2025-03-01"),
        ("Russia", "Threaten", "Iran", "2025-03-01"),
    ]
    out = tmp_path / f"series{suffix}"
    with read_events([facts(tmp_path / "a", *rows)], resolve=KNOWN.get) as batch:
        assert batch.write(out) == 13
    table = duckdb.sql(f"SELECT * FROM '{out}' WHERE month = '2025-03' AND actor = 'CHN'").fetchall()
    assert [row[3:] for row in table] == [(1, 1, 0, 0, 0, 1, 1, 0, 1)]
    assert [each.name for each in tmp_path.iterdir() if "part" in each.name] == []


def test_writing_leaves_nothing_half_written(tmp_path):
    with read_events([facts(tmp_path / "a", *every_month(2025))], resolve=KNOWN.get) as batch:
        with pytest.raises(InputError, match=r"Possible: \.parquet, \.csv"):
            batch.write(tmp_path / "series.xlsx")
        with pytest.raises(duckdb.IOException):
            batch.write(tmp_path / "nowhere" / "series.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_progress_ends_at_the_number_of_files(tmp_path):
    seen = []
    paths = [facts(tmp_path / name, *every_month(2025)) for name in "abc"]
    with read_events(paths, resolve=KNOWN.get, progress=lambda done, total, note: seen.append((done, total))):
        pass
    assert seen[-1] == (3, 3)


def test_a_small_memory_limit_changes_no_count(tmp_path):
    rows = [
        ("China", "Consult", f"Place {k % 5000}", f"2025-{k % 12 + 1:02}-{k % 28 + 1:02}")
        for k in range(60000)
    ]
    path = facts(tmp_path / "a", *rows, ("China", "Consult", "Iran", "2025-01-01"))
    with read_events([path], resolve=KNOWN.get, memory="200MB") as batch:
        report = batch.report()
    assert (report.events, report.dyadic) == (60001, 1)


CODES = [
    *(("010", 1, ""), ("0233", 1, "REQUEST"), ("061", 2, "COOPERATE"), ("0841", 2, "RETREAT")),
    *(("083", 2, "CONCEDE"), ("090", 3, "ACCUSE"), ("1383", 3, "THREATEN"), ("163", 4, "SANCTION")),
    *(("204", 4, "ASSAULT"), ("99", 0, "")),
]


@pytest.mark.parametrize(("code", "quad", "plover"), CODES)
def test_a_cameo_code_has_the_class_of_its_root_and_a_plover_type(code, quad, plover):
    found = codes.of_cameo(code)
    assert (found.quad, found.plover) == (quad, plover)


def test_the_classes_of_cameo_are_whole_runs_of_roots():
    classes = [codes.of_cameo(f"{root:02}").quad for root in range(1, 21)]
    assert classes == [1] * 5 + [2] * 3 + [3] * 5 + [4] * 7


def test_every_plover_type_of_the_map_is_a_plover_type():
    for root in range(1, 21):
        for sub in range(10):
            kind = codes.of_cameo(f"{root:02}{sub}").plover
            assert not kind or codes.of_plover(kind).quad > 0


def icews_rows(pattern: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for path in sorted(ICEWS.glob(pattern)):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows.extend(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return rows


def belongs(name: str, country: str) -> bool:
    return name == country or name.endswith(f"({country})")


@needs_icews
def test_the_icews_facts_are_read_whole_and_every_relation_has_a_class():
    with read_events(sorted(ICEWS.glob("*2005-2015*"))) as batch:
        report = batch.report()
    assert report.rows == report.events == report.dated == 92_367
    assert (report.first, report.last, report.stray) == ("2005-01", "2015-12", 0)
    assert report.bad == report.oddities == ()
    assert report.classed == report.dyadic
    assert 0.45 < report.dyadic / report.events < 0.95


@needs_icews
def test_an_icews_dyad_has_the_events_that_a_plain_count_finds():
    rows = icews_rows("*2005-2015*")
    with read_events(sorted(ICEWS.glob("*2005-2015*")), resolve=KNOWN.get) as batch:
        found = batch.series("CHN", "IRN")
    mine = [row for row in rows if belongs(row[0], "China") and belongs(row[2], "Iran")]
    assert len(mine) > 100
    assert found.total.sum() == len(mine)
    by_month = Counter(row[3][:7] for row in mine)
    assert found.total[list(found.months.astype(str)).index("2007-09")] == by_month["2007-09"]


@needs_icews
def test_icews_indicators_of_a_busy_dyad_are_all_known_but_the_lift():
    with read_events(sorted(ICEWS.glob("*2005-2015*")), resolve=KNOWN.get) as batch:
        found = {each.name: each for each in of_series(batch.series("CHN", "IRN"))}
    assert found["trigger_lift"].value is None
    assert 0 < found["material_share"].value < 0.5
    assert found["continuity"].coverage == 1.0
    assert -1 < found["burstiness"].value < 1
