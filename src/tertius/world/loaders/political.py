"""Distances between economies and voting distance in the UN General Assembly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.world.loaders.table import Source, Table, expect, header, select

if TYPE_CHECKING:
    from pathlib import Path

DISTANCES = Source(
    "cepii_dist",
    {
        "exporter": "ISO 3166-1 alpha-3",
        "importer": "ISO 3166-1 alpha-3",
        "km": "kilometres between the largest cities",
        "contiguous": "1 if they share a border",
    },
)
PLACES = Source("cepii_geo", {"iso3": "ISO 3166-1 alpha-3", "lat": "degrees north", "lon": "degrees east"})
IDEAL_POINTS = Source(
    "un_ideal_points",
    {
        "iso3": "ISO 3166-1 alpha-3",
        "session": "UN General Assembly session",
        "point": "ideal point, dimensionless",
    },
)

# CEPII keeps three codes that ISO has since changed.
_CEPII = (
    "CASE {c} WHEN 'ZAR' THEN 'COD' WHEN 'ROM' THEN 'ROU' WHEN 'TMP' THEN 'TLS' "
    "WHEN 'PAL' THEN 'PSE' ELSE {c} END"
)


def load_distances(path: Path) -> Table:
    """Read CEPII GeoDist pairs: exporter, importer, km, contiguous."""
    expect(path, header(path), ("iso_o", "iso_d", "dist", "contig"), "CEPII GeoDist")
    columns = select(
        path,
        {
            "exporter": _CEPII.format(c="iso_o"),
            "importer": _CEPII.format(c="iso_d"),
            "km": "dist::DOUBLE",
            "contiguous": "contig::DOUBLE",
        },
    )
    return DISTANCES.table(columns, origin=path.name)


def load_places(path: Path) -> Table:
    """Read the coordinates of each economy's main city."""
    expect(path, header(path), ("iso3", "lat", "lon", "citynum"), "CEPII geo")
    columns = select(
        path,
        {"iso3": _CEPII.format(c="iso3"), "lat": "lat::DOUBLE", "lon": "lon::DOUBLE"},
        where="maincity::INT = 1 AND lat IS NOT NULL",
    )
    return PLACES.table(columns, origin=path.name)


def load_ideal_points(path: Path) -> Table:
    """Read UN General Assembly ideal points: iso3, session, point."""
    expect(path, header(path), ("iso3c", "session", "IdealPointAll"), "UN ideal points")
    columns = select(
        path,
        {"iso3": "iso3c", "session": "session::INT", "point": "TRY_CAST(IdealPointAll AS DOUBLE)"},
        where="iso3c IS NOT NULL",
    )
    return IDEAL_POINTS.table(columns, origin=path.name)
