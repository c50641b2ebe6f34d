"""The built worlds the package ships: one compressed file a year, read in well under a second.

A file holds the recorded world and, for each reading of the shadow trade, the cells that differ from it.
Adding-up needs no rebalancing on load: value added and final demand are what is left of sales and inputs, so
they hold exactly.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tertius.errors import DataError, InputError, UnknownNameError, unknown
from tertius.world.model import World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

READINGS = ("recorded", "low", "central", "high")
YEARS = (2023, 2015)

_FORMAT = 1
_DENSE = ("sales", "tariff", "inputs", "quality", "medicine")


def snapshot_path(year: int) -> Path:
    """Return where the shipped snapshot of a year lies."""
    if year not in YEARS:
        raise UnknownNameError(unknown("year", str(year), [str(y) for y in YEARS], where="world"))
    return Path(str(resources.files("tertius.world") / "data" / f"world_{year}.npz"))


def load_world(year: int = 2023, *, shadow: str = "central", path: Path | None = None) -> World:
    """Read a built world.

    Parameters
    ----------
    year : 2023 (the as-of base) or 2015 (validation, and the `lifted` reference).
    shadow : reading of the shadow trade, one of `READINGS`; "recorded" leaves it out.
    path : a file written by `tertius world build`; the shipped one otherwise.

    Raises
    ------
    UnknownNameError : for a year or a reading that does not exist.
    DataError : for a file that is not a snapshot, or not of that year.
    """
    if shadow not in READINGS:
        raise UnknownNameError(unknown("reading of the shadow trade", shadow, READINGS, where="world"))
    file = path if path is not None else snapshot_path(year)
    stored, digest = _read(file)
    meta = json.loads(str(stored["meta"]))
    if path is None and meta["year"] != year:
        raise DataError(f"{file.name}: holds the world of {meta['year']}, not of {year}")
    arrays = {name: stored[name] for name in _DENSE}
    sales, inputs = arrays["sales"].astype(np.float64), arrays["inputs"].astype(np.float64)
    hidden = np.zeros_like(sales)
    if shadow != "recorded":
        _patch(sales, stored, f"{shadow}_sales")
        _patch(inputs, stored, f"{shadow}_inputs")
        _patch(hidden, stored, f"{shadow}_shadow")
    quality = arrays["quality"].copy()
    quality[hidden > 0] = 3
    return World(
        year=int(meta["year"]),
        shadow_reading=shadow,
        countries=tuple(meta["countries"]),
        sectors=tuple(meta["sectors"]),
        sales=sales,
        shadow=hidden,
        tariff=arrays["tariff"].astype(np.float64),
        inputs=inputs,
        quality=quality,
        medicine=arrays["medicine"].astype(np.float64),
        snapshot=digest,
        notes=dict(meta["notes"]),
    )


def load_report(year: int = 2023, *, path: Path | None = None) -> dict[str, Any]:
    """Return what the build measured: residuals per margin, magnitude checks, quality shares, sources."""
    stored, digest = _read(path if path is not None else snapshot_path(year))
    report: dict[str, Any] = json.loads(str(stored["meta"]))["report"]
    return report | {"snapshot": digest}


def write_snapshot(file: Path, worlds: Mapping[str, World], report: Mapping[str, Any]) -> str:
    """Write the readings of one year atomically; returns the content hash.

    Parameters
    ----------
    worlds : reading -> world, "recorded" among them; all with the same axes and tariffs.
    report : what the build measured, stored with the worlds.
    """
    base = worlds["recorded"]
    arrays: dict[str, Any] = {
        "sales": base.sales.astype(np.float32),
        "tariff": base.tariff.astype(np.float32),
        "inputs": base.inputs.astype(np.float32),
        "quality": base.quality,
        "medicine": base.medicine.astype(np.float32),
    }
    for reading, world in worlds.items():
        if reading != "recorded":
            _store(arrays, f"{reading}_sales", world.sales, base.sales)
            _store(arrays, f"{reading}_inputs", world.inputs, base.inputs)
            _store(arrays, f"{reading}_shadow", world.shadow, np.zeros_like(world.shadow))
    meta = {
        "format": _FORMAT,
        "year": base.year,
        "countries": base.countries,
        "sectors": base.sectors,
        "notes": dict(base.notes),
        "report": report,
    }
    arrays["meta"] = np.array(json.dumps(meta))
    return write_arrays(file, arrays)


def write_arrays(file: Path, arrays: Mapping[str, Any]) -> str:
    """Write a compressed archive atomically; returns the content hash."""
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=file.name, suffix=".part")
    with os.fdopen(handle, "wb") as out:
        out.write(buffer.getvalue())
    Path(temporary).chmod(0o644)
    Path(temporary).replace(file)
    return _digest(buffer.getvalue())


def _store(arrays: dict[str, Any], name: str, values: NDArray[Any], base: NDArray[Any]) -> None:
    at = np.flatnonzero(values.ravel() != base.ravel())
    arrays[f"{name}_at"] = at.astype(np.int32)
    arrays[f"{name}_to"] = values.ravel()[at].astype(np.float32)


def _patch(target: NDArray[np.float64], stored: Mapping[str, Any], name: str) -> None:
    target.ravel()[stored[f"{name}_at"]] = stored[f"{name}_to"]


def _read(file: Path) -> tuple[dict[str, Any], str]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{file}: no snapshot there ({error.strerror}); `tertius world build` writes one"
        ) from error
    try:
        with np.load(BytesIO(content)) as archive:
            stored = {k: archive[k] for k in archive.files}
    except (ValueError, OSError, EOFError, KeyError) as error:
        raise DataError(f"{file}: not a world snapshot ({error})") from error
    missing = [k for k in (*_DENSE, "meta") if k not in stored]
    if missing:
        raise DataError(f"{file}: not a world snapshot, {', '.join(missing)} missing")
    return stored, _digest(content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
