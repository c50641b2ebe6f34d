"""OECD Inter-Country Input-Output tables: flows between 80 economies, and who uses what as an input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class IcioFlows:
    """Flows of one year: sales[k, i, n] million USD with the diagonal, tariff[k, i, n] ad valorem.

    Countries are ISO3 with "ROW" last.
    """

    year: int
    countries: tuple[str, ...]
    activities: tuple[str, ...]
    sales: Array
    tariff: Array


@dataclass(frozen=True, slots=True, eq=False)
class IcioInputs:
    """Inputs of one year: use[n, s, r] million USD, output[s, n] million USD, share[r, n] inputs over output.

    exports[s, i, n] million USD holds intermediate sales only.
    """

    countries: tuple[str, ...]
    activities: tuple[str, ...]
    use: Array
    output: Array
    share: Array
    intermediate: Array


def load_icio_flows(path: Path, *, year: int) -> IcioFlows:
    """Read bilateral flows including sales at home, and applied tariffs.

    The file's axes are [year, activity, importer, exporter]; they are turned so that the exporter comes
    first.
    """
    data = _open(
        path,
        ("X", "tariff", "years", "countries", "sectors"),
        "ICIO flows X[year, activity, importer, exporter]",
    )
    years = [int(y) for y in data["years"]]
    if year not in years:
        raise DataError(f"{path}: no ICIO year {year}; the file has {years[0]} to {years[-1]}")
    at = years.index(year)
    return IcioFlows(
        year,
        _labels(data["countries"]),
        _labels(data["sectors"]),
        np.ascontiguousarray(data["X"][at].astype(np.float64).swapaxes(1, 2)),
        np.ascontiguousarray(data["tariff"][at].astype(np.float64).swapaxes(1, 2)),
    )


def load_icio_inputs(path: Path) -> IcioInputs:
    """Read intermediate use by country and activity."""
    keys = ("use", "intermediate_flow", "gross_output", "intermediate_share", "countries", "sectors")
    data = _open(path, keys, "ICIO inputs use[input, user, country]")
    return IcioInputs(
        _labels(data["countries"]),
        _labels(data["sectors"]),
        np.ascontiguousarray(data["use"].astype(np.float64).transpose(2, 0, 1)),
        data["gross_output"].astype(np.float64),
        data["intermediate_share"].astype(np.float64),
        data["intermediate_flow"].astype(np.float64),
    )


def _open(path: Path, keys: Sequence[str], what: str) -> dict[str, NDArray[np.generic]]:
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    with np.load(path) as stored:
        missing = [k for k in keys if k not in stored.files]
        if missing:
            raise DataError(
                f"{path}: expected {what}; missing {', '.join(missing)}; found {', '.join(stored.files)}"
            )
        return {k: stored[k] for k in keys}


def _labels(array: NDArray[np.generic]) -> tuple[str, ...]:
    return tuple(str(x) for x in array)
