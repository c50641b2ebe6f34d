"""Quotations and amounts of GKG 2.1 files."""

from __future__ import annotations

import gzip

import pytest

from tertius.errors import DataError
from tertius.ledger.bulk.formats import GKG
from tertius.ledger.bulk.gkg import Amount, Quotation, documents


def line(**cells):
    held = {
        "GKGRECORDID": "20260105000000-1",
        "DATE": "20260105000000",
        "SourceCommonName": "example.org",
    } | cells
    return "\t".join(held.get(column, "") for column in GKG.columns)


def test_quotations_and_amounts_are_taken_apart(tmp_path):
    path = tmp_path / "g"
    quotations = "12|5|said|we|agree#80|3||no#"
    path.write_text(
        line(Quotations=quotations, Amounts="3,tankers, laden,40;2.5,million,90;") + "\n" + line() + "\n"
    )
    first, second = documents(path)
    assert first.quotations == (Quotation(12, 5, "said", "we|agree"), Quotation(80, 3, "", "no"))
    assert first.amounts == (Amount(3, "tankers, laden", 40), Amount(2.5, "million", 90))
    assert (first.publisher, second.quotations, second.amounts) == ("example.org", (), ())


def test_a_field_longer_than_the_csv_limit_is_read(tmp_path):
    path = tmp_path / "g"
    path.write_text(line() + "\n" + line(GCAM="c1.1:1," * 60_000) + "\n")
    assert len(list(documents(path))) == 2


def test_a_line_of_another_width_is_named(tmp_path):
    path = tmp_path / "g"
    path.write_text(line() + "\nshort\n")
    with pytest.raises(DataError, match=r"g:2: GDELT GKG 2.1: expected 27 columns, found 1"):
        list(documents(path))


def test_a_cut_quotation_is_named(tmp_path):
    path = tmp_path / "g"
    path.write_text(line(Quotations="12|5") + "\n")
    with pytest.raises(DataError, match=r"g:1: .*is cut"):
        list(documents(path))


def test_a_cut_archive_says_so(tmp_path):
    path = tmp_path / "g.gz"
    many = "\n".join(line(DocumentIdentifier=f"https://example.org/{k * 7919}") for k in range(20_000))
    path.write_bytes(gzip.compress(many.encode())[:-100])
    with pytest.raises(DataError, match="ends early"):
        list(documents(path))
