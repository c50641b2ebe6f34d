"""How numbers read."""

from __future__ import annotations

import pytest

from tertius.leverage.assessment import Quantity
from tertius.report.numbers import MINUS, THIN, count, dated, number, text


@pytest.mark.parametrize(
    ("x", "shown"),
    [
        (0.0, "0"),
        (1.94, "1.9"),
        (9.96, "10"),
        (0.996, "1.0"),
        (43.2, "43"),
        (99.4, "99"),
        (420.05, "420"),
        (12345.0, f"12{THIN}300"),
        (-0.314, f"{MINUS}0.31"),
        (0.0004, "<0.001"),
        (-0.0004, f">{MINUS}0.001"),
        (None, "unknown"),
    ],
)
def test_a_number_has_two_significant_digits(x, shown):
    assert number(x) == shown


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        (Quantity(1.2, 1.9, 4.6, "%", 2023), "1.9 [1.2–4.6] %"),
        (Quantity(0.09, 0.16, 0.31, "probability", None), "16 [9.0–31] %"),
        (Quantity(-1.2, 0.3, 2, "USD bn a year", 2023), f"0.30 [{MINUS}1.2 to 2.0] bn USD 2023 a year"),
        (Quantity(1, 1, 1, "kb/d", 2025), "1.0 kb/d"),
        (Quantity(None, 3, None, "pp", None), "3.0 pp"),
        (Quantity(1, 2, None, "percentage points", None), "2.0 [1.0–?] pp"),
        (Quantity(80, None, None, "%", None), "at least 80 %"),
        (Quantity(None, None, 5, "%", None), "at most 5.0 %"),
        (Quantity(2, None, 4, "per cent of GDP", None), "[2.0–4.0] % of GDP"),
        (Quantity(None, None, None, "%", None), "unknown"),
    ],
)
def test_a_quantity_reads_central_then_band_then_unit(quantity, shown):
    assert text(quantity) == shown


def test_unit_and_year_are_said_once():
    assert dated(Quantity(1, 1, 1, "USD bn a year", 2023)) == "bn USD 2023 a year"
    assert dated(Quantity(1, 1, 1, "USD bn 2023", 2023)) == "bn USD 2023"
    assert dated(Quantity(1, 1, 1, "kb/d", 2025)) == "kb/d, 2025"
    assert dated(Quantity(1, 1, 1, "fraction", None)) == "%"


def test_a_count_is_written_in_full():
    assert count(20000) == f"20{THIN}000"
