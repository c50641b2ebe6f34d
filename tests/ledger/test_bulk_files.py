"""Every bulk format is recognised by content, read as text, and refused with a reason when it is broken."""

from __future__ import annotations

import gzip
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from tertius.errors import DataError, InputError
from tertius.ledger.bulk import DyadSeries, formats, read_events, recognise

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = {
    "China": "CHN",
    "Iran": "IRN",
    "Namibia": "NAM",
    "NA": "NAM",
    "Nigeria": "NGA",
    "Côte d'Ivoire": "CIV",
}
KNOWN |= {iso: iso for iso in ("CHN", "IRN", "USA", "NAM", "ROU", "PSE", "COD")}


def resolve(name):
    return KNOWN.get(name)


def row(form, **cells):
    """One row of a format, empty but for the cells given by canonical field or by column."""
    named = {form.fields.get(key, key): value for key, value in cells.items()}
    assert set(named) <= set(form.columns), named
    return "\t".join(named.get(column, "") for column in form.columns)


def gdelt(form=formats.GDELT1, day="20260105", actor="CHN", recipient="IRN", code="043", quad="1", **more):
    return row(form, id="1", day=day, actor=actor, recipient=recipient, code=code, quad=quad, **more)


def icews(day="2026-01-05", actor="China", recipient="Iran", code="043", label="Host a visit", **more):
    return row(formats.ICEWS, day=day, actor=actor, recipient=recipient, code=code, label=label, **more)


def polecat(day="2026-01-05", actor="CHN", recipient="IRN", kind="CONSULT", **more):
    return row(formats.POLECAT, day=day, actor=actor, recipient=recipient, type=kind, **more)


def header(form):
    return "\t".join(form.columns)


def save(path: Path, *lines: str, encoding="utf-8") -> Path:
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def china_iran(*paths, **options) -> DyadSeries:
    with read_events(paths, resolve=resolve, threads=1, **options) as batch:
        return batch.series("CHN", "IRN")


@pytest.mark.parametrize(
    "form", [formats.GDELT1, formats.GDELT1_BACKFILE, formats.GDELT2], ids=lambda f: f.name
)
def test_a_gdelt_file_is_told_by_its_columns_whatever_it_is_called(tmp_path, form):
    path = save(tmp_path / "misleading.polecat", gdelt(form), gdelt(form, code="0233", quad="1"))
    assert recognise(path).format.name == form.name
    assert china_iran(path).counts.tolist() == [[2, 0, 0, 0]]


def test_the_column_counts_are_those_of_the_codebooks():
    widths = {form.name: len(form.columns) for form in formats.FORMATS if form.columns}
    assert widths == {
        "gdelt1": 58,
        "gdelt1-backfile": 57,
        "gdelt2": 61,
        "gdelt2-mentions": 16,
        "gkg2": 27,
        "icews": 20,
        "icews-facts": 4,
        "polecat": 40,
    }


def test_each_quad_class_lands_in_its_own_column(tmp_path):
    codes = {"043": "1", "0612": "2", "112": "3", "190": "4"}
    path = save(tmp_path / "a", *(gdelt(code=code, quad=quad) for code, quad in codes.items()))
    found = china_iran(path)
    assert found.counts.tolist() == [[1, 1, 1, 1]]
    assert (found.verbal[0], found.material[0]) == (2, 2)


def test_the_direction_of_an_event_is_kept(tmp_path):
    path = save(tmp_path / "a", gdelt(), gdelt(), gdelt(actor="IRN", recipient="CHN"))
    with read_events([path], resolve=resolve) as batch:
        assert batch.dyads() == (("CHN", "IRN", 2), ("IRN", "CHN", 1))


def test_codes_keep_their_leading_zeros_and_namibia_is_no_missing_value(tmp_path):
    form = formats.ICEWS_FACTS
    path = save(tmp_path / "a", "NA\tHost a visit\tIran\t2026-01-05", "China\tfoo\tNA\t2026-01-06")
    assert recognise(path).format is form
    with read_events([path], resolve=resolve) as batch:
        assert batch.series("NAM", "IRN").counts.tolist() == [[1, 0, 0, 0]]
        assert batch.series("CHN", "NAM").unclassed.tolist() == [1]
        assert batch.report().oddities == (("foo", 1),)


def test_old_cameo_country_codes_become_iso(tmp_path):
    path = save(
        tmp_path / "a", gdelt(actor="ROM"), gdelt(actor="GZS"), gdelt(actor="WSB"), gdelt(actor="AFR")
    )
    with read_events([path], resolve=resolve) as batch:
        assert {a: n for a, _, n in batch.dyads()} == {"PSE": 2, "ROU": 1}
        assert batch.report().strangers == (("AFR", 1),)


def test_pledges_and_deliveries_are_told_apart(tmp_path):
    lines = [gdelt(code=code, quad="1") for code in ("0311", "033", "036", "030")]
    lines += [gdelt(code=code, quad="2") for code in ("061", "0712", "084")]
    found = china_iran(save(tmp_path / "a", *lines))
    assert (found.pledges[0], found.deliveries[0]) == (2, 2)


def test_icews_in_latin_1_is_read_and_the_report_says_so(tmp_path):
    lines = [header(formats.ICEWS), icews(recipient="Côte d'Ivoire"), icews(code="57.0"), icews(code="---")]
    path = save(tmp_path / "a.tab", *lines, encoding="latin-1")
    with read_events([path], resolve=resolve) as batch:
        assert batch.series("CHN", "IRN").counts.tolist() == [[2, 0, 0, 0]]
        assert batch.series("CHN", "CIV").counts.tolist() == [[1, 0, 0, 0]]
        assert batch.report().read[0][2] == "read as ISO-8859-1"


def test_an_icews_code_that_is_no_number_gives_way_to_the_event_text(tmp_path):
    lines = [
        header(formats.ICEWS),
        icews(code="---", label="Provide aid"),
        icews(code="21x", label="Threaten"),
    ]
    assert china_iran(save(tmp_path / "a", *lines)).counts.tolist() == [[0, 1, 1, 0]]


def test_icews_columns_are_found_by_name_in_any_order(tmp_path):
    columns = list(formats.ICEWS.columns)
    cells = dict(zip(columns, icews(code="190").split("\t"), strict=True))
    turned = columns[::-1]
    path = save(tmp_path / "a", "\t".join(turned), "\t".join(cells[name] for name in turned))
    assert china_iran(path).counts.tolist() == [[0, 0, 0, 1]]


def test_an_icews_header_with_a_missing_column_is_refused_by_name(tmp_path):
    path = save(tmp_path / "a", header(formats.ICEWS).replace("\tTarget Country", "\tElsewhere"), icews())
    with pytest.raises(DataError, match=r"a:1: .*missing: Target Country; not expected: Elsewhere"):
        recognise(path)


def test_polecat_reads_none_as_missing_and_several_countries_as_several_dyads(tmp_path):
    lines = [header(formats.POLECAT), polecat(recipient="IRN; NAM"), polecat(actor="None", id="2")]
    with read_events([save(tmp_path / "a", *lines)], resolve=resolve) as batch:
        assert batch.dyads() == (("CHN", "IRN", 1), ("CHN", "NAM", 1))
        report = batch.report()
        assert (report.events, report.dyadic) == (2, 1)


def test_polecat_counts_repeated_rows_once(tmp_path):
    lines = [header(formats.POLECAT), polecat(kind="AID"), polecat(kind="AID"), polecat(kind="SANCTION")]
    with read_events([save(tmp_path / "a", *lines)], resolve=resolve) as batch:
        assert batch.series("CHN", "IRN").counts.tolist() == [[0, 1, 0, 1]]
        report = batch.report()
        assert (report.rows, report.events) == (3, 2)


def test_polecat_survives_an_excess_header_name(tmp_path):
    names = [*formats.POLECAT.columns[:5], "Headline", *formats.POLECAT.columns[5:]]
    path = save(tmp_path / "a", "\t".join(names), polecat(kind="AID"))
    assert "Headline" in recognise(path).note
    assert china_iran(path).counts.tolist() == [[0, 1, 0, 0]]


def test_polecat_drops_excess_columns_only_if_all_are_empty(tmp_path):
    good = save(tmp_path / "good", header(formats.POLECAT), polecat(kind="AID") + "\t\t", polecat() + "\t\t")
    assert china_iran(good).counts.tolist() == [[1, 1, 0, 0]]
    bad = save(
        tmp_path / "bad", header(formats.POLECAT), polecat(kind="AID") + "\t\t", polecat() + "\t\tshifted"
    )
    with pytest.raises(DataError, match=r"expected 40 columns, found 42.*'shifted'"):
        read_events([bad], resolve=resolve)


def test_a_plover_table_is_read_under_any_of_its_usual_names(tmp_path):
    lines = [
        "event_type\tDate\tsource_country\tTarget Country",
        "AID\t2026-01-05\tCHN\tIRN",
        "agree\t2026-01-06\tCHN\tIRN",
    ]
    path = save(tmp_path / "a.tsv", *lines)
    assert recognise(path).format.name == "plover"
    found = china_iran(path)
    assert found.counts.tolist() == [[1, 1, 0, 0]]
    assert (found.pledges[0], found.deliveries[0]) == (1, 1)


def test_a_plover_table_without_a_recipient_is_refused(tmp_path):
    path = save(tmp_path / "a.tsv", "date\tactor\tevent_type", "2026-01-05\tCHN\tAID")
    with pytest.raises(DataError, match=r"a.tsv:1: .*no column for recipient"):
        recognise(path)


@pytest.mark.parametrize("packing", ["gzip", "zip"])
def test_packed_files_give_what_plain_ones_give(tmp_path, packing):
    plain = save(tmp_path / "20260105.export.CSV", gdelt(), gdelt(code="190", quad="4"))
    packed = tmp_path / f"a.{packing}"
    if packing == "gzip":
        packed.write_bytes(gzip.compress(plain.read_bytes()))
    else:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(plain, "20260105.export.CSV")
    assert recognise(packed).packing == packing
    assert china_iran(packed).counts.tolist() == [[1, 0, 0, 1]]


def test_mentions_weigh_events_by_their_best_confidence(tmp_path):
    form = formats.GDELT2
    events = save(
        tmp_path / "e",
        *(row(form, id=k, day="20260105", actor="CHN", recipient="IRN", code="043") for k in "123"),
    )
    stamps = {"EventTimeDate": "20260105000000", "MentionTimeDate": "20260105001500"}
    mentions = [
        row(formats.MENTIONS, id=k, confidence=c, **stamps)
        for k, c in (("1", "40"), ("1", "80"), ("2", "50"))
    ]
    noted = save(tmp_path / "m", *mentions)
    with read_events([events, noted], weight="confidence", resolve=resolve) as batch:
        assert batch.series("CHN", "IRN").counts[0, 0] == pytest.approx(0.8 + 0.5)
        report = batch.report()
        assert (report.dyadic, report.weighed) == (3, 2)
    with pytest.raises(InputError, match="needs GDELT"):
        read_events([events], weight="confidence", resolve=resolve)


def test_events_can_be_weighed_by_their_sources(tmp_path):
    path = save(tmp_path / "a", gdelt(sources="3"), gdelt(sources="5"))
    assert china_iran(path, weight="sources").counts[0, 0] == 8


BROKEN = {
    "empty": (b"", "empty file"),
    "blank": (b"\n\n", "empty file"),
    "binary": (b"\x00\x01\x02" * 50, "binary data"),
    "prose": (b"Dear reader,\nthis is no event file.\n", "found 1 columns and no known header"),
    "zipped rubbish": (b"PK\x03\x04 not an archive", "damaged archive"),
    "wrong look": (("a\t" * 57 + "a\n").encode(), "58 columns as in GDELT 1.0 events, but column 1"),
    "short row": (
        (gdelt() + "\n" + gdelt() + "\nx\ty\n").encode(),
        r":3: GDELT 1.0 events: expected 58 columns, found 2",
    ),
    "long row": (
        (gdelt() + "\n" + gdelt() + "\tx\ty\n").encode(),
        r":2: GDELT 1.0 events: expected 58 columns, found 60",
    ),
    "cut gzip": (
        gzip.compress("\n".join(gdelt(code=f"{k:03}") for k in range(20000)).encode())[:-40],
        "gzip",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_named_with_what_was_found_and_the_rest_is_read(tmp_path, what):
    data, message = BROKEN[what]
    good = save(tmp_path / "a good file", gdelt(), gdelt())
    broken = tmp_path / "broken"
    broken.write_bytes(data)
    other = save(tmp_path / "c good file", gdelt())
    with read_events([good, broken, other], resolve=resolve) as batch:
        assert batch.series("CHN", "IRN").counts.tolist() == [[3, 0, 0, 0]]
        (problem,) = batch.report().bad
    assert problem.startswith(str(broken))
    assert re.search(message, problem), problem


def test_nothing_of_a_file_broken_near_its_end_is_counted(tmp_path):
    many = [gdelt(day="20250105") for _ in range(30000)]
    broken = save(tmp_path / "broken", *many, "cut")
    good = save(tmp_path / "good", gdelt())
    with read_events([broken, good], resolve=resolve) as batch:
        assert batch.report().events == 1
        assert "broken:30001:" in batch.report().bad[0]


def test_a_batch_of_only_broken_files_says_why_for_each(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(DataError) as caught:
        read_events([tmp_path, tmp_path / "none"], resolve=resolve)
    assert len(caught.value.problems) == 3


def test_a_line_of_many_megabytes_does_not_stop_the_batch(tmp_path):
    long = save(tmp_path / "long", gdelt(), "x" * (20 << 20))
    with read_events([long, save(tmp_path / "good", gdelt())], resolve=resolve) as batch:
        assert batch.report().events == 1
        assert batch.report().bad[0].startswith(f"{long}:2")


def test_files_of_two_sources_are_not_added_up(tmp_path):
    one = save(tmp_path / "a", gdelt())
    two = save(tmp_path / "b", header(formats.POLECAT), polecat())
    with pytest.raises(InputError, match="count one event twice"):
        read_events([one, two], resolve=resolve)


def test_a_file_named_twice_counts_once(tmp_path):
    path = save(tmp_path / "a", gdelt())
    assert china_iran(path, path, tmp_path).counts.tolist() == [[1, 0, 0, 0]]


def test_a_name_that_looks_like_a_pattern_is_only_a_name(tmp_path):
    odd = save(tmp_path / "[a]*'.CSV", gdelt())
    save(tmp_path / "a'.CSV", gdelt(), gdelt())
    assert china_iran(odd).counts.tolist() == [[1, 0, 0, 0]]


def test_a_format_that_was_asked_for_must_be_the_one_found(tmp_path):
    path = save(tmp_path / "a", gdelt())
    with pytest.raises(DataError, match=r"expected GDELT 2.0 events \(gdelt2\), found GDELT 1.0 events"):
        read_events([path], format="gdelt2", resolve=resolve)
    with pytest.raises(DataError, match='Did you mean "gdelt2"'):
        read_events([path], format="gdlet2", resolve=resolve)


def test_gkg_is_recognised_but_holds_no_dyads(tmp_path):
    path = save(tmp_path / "g", row(formats.GKG, GKGRECORDID="20260105000000-1", date="20260105000000"))
    assert recognise(path).format.name == "gkg2"
    with pytest.raises(DataError, match="documents, not who did what to whom"):
        read_events([path], resolve=resolve)


def test_the_folder_of_a_batch_goes_with_it(tmp_path):
    with read_events([save(tmp_path / "a", gdelt())], resolve=resolve) as batch:
        folder = batch.folder
        assert folder.is_dir()
    assert not folder.exists()
