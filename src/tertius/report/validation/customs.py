"""Recorded trade in dollars, as customs offices total it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tertius.report.validation.bench import GOODS
from tertius.report.validation.record import Found

if TYPE_CHECKING:
    from collections.abc import Callable

    from tertius.report.validation.bench import Bench


def sold(bench: Bench, exporter: str, importer: str, sectors: tuple[str, ...] = GOODS) -> Found:
    """Return recorded sales of 2023, bn USD."""
    world = bench.now
    rows = [world.sector(s) for s in sectors]
    return Found.at(world.sales[rows, world.country(exporter), world.country(importer)].sum() / 1e3)


CHECKS: dict[str, Callable[[Bench], Found]] = {
    "6a": partial(sold, exporter="IRN", importer="CHN"),
    "6b": partial(sold, exporter="IRN", importer="CHN", sectors=("crude_oil_gas",)),
    "37a": partial(sold, exporter="CHN", importer="USA"),
    "37b": partial(sold, exporter="CHN", importer="RUS"),
    "38": partial(sold, exporter="MEX", importer="USA"),
}
