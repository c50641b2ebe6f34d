"""Tell which release a file belongs to by looking into it, never by its name."""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, cast

from tertius.errors import DataError, did_you_mean
from tertius.ledger.bulk import formats
from tertius.ledger.bulk.formats import BY_NAME, FORMATS, Format

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = 1 << 18  # characters looked at; a GKG row is seldom longer
_COUNTED = {
    len(each.columns): each for each in FORMATS if not each.header and each.columns
}  # every format without a header has its own number of columns
_SHAPE: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {
        "gdelt1": {0: r"\d+", 1: r"\d{8}"},
        "gdelt1-backfile": {0: r"\d+", 1: r"\d{8}"},
        "gdelt2": {0: r"\d+", 1: r"\d{8}"},
        "gdelt2-mentions": {0: r"\d+", 1: r"\d{14}", 2: r"\d{14}"},
        "gkg2": {0: r"\d{14}-.+", 1: r"\d{14}"},
        "icews-facts": {3: r"\d{4}-\d{2}-\d{2}"},
    }
)


@dataclass(frozen=True, slots=True)
class Release:
    """A file that has been recognised, and how its lines are to be read.

    Parameters
    ----------
    path : where it is.
    format : what it holds; `columns` in the order of this file.
    skip : lines before the first row.
    packing : "plain", "gzip" or "zip".
    surplus : columns beyond the format's, which must be empty in every row.
    note : what was odd about the file and how it was read nevertheless.
    """

    path: Path
    format: Format
    skip: int
    packing: str
    surplus: int = 0
    note: str = ""

    @property
    def width(self) -> int:
        """Columns of each row in the file."""
        return len(self.format.columns) + self.surplus


def recognise(path: Path | str, expected: str = "auto") -> Release:
    """Look at the first lines of a file and say what it is.

    Parameters
    ----------
    path : a tab-separated file, plain, gzip or a zip archive with one member.
    expected : "auto", or the name of the format the file must have.

    Raises
    ------
    DataError
        The file is missing, empty, binary, damaged, or like none of the known formats; the message says what
        was expected and what was found.
    """
    path = Path(path)
    if expected != "auto" and expected not in BY_NAME:
        raise DataError(f'unknown format "{expected}".{did_you_mean(expected, ["auto", *BY_NAME])}')
    packing, lines = _head(path)
    release = _by_header(path, packing, lines) or _by_columns(path, packing, lines)
    if expected not in {"auto", release.format.name}:
        wanted = BY_NAME[expected].title
        raise DataError(f"{path}: expected {wanted} ({expected}), found {release.format.title}")
    return release


def open_packed(path: Path, packing: str) -> IO[bytes]:
    """Open a file for reading bytes, whatever it is packed in."""
    if packing == "gzip":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if packing == "zip":
        return zipfile.ZipFile(path).open(_only_member(path))
    return path.open("rb")


def _only_member(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
    if len(names) != 1:
        raise DataError(f"{path}: expected a zip archive with one file, found {len(names)}")
    return names[0]


def _packing(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"\x1f\x8b":
        return "gzip"
    return "zip" if start == b"PK\x03\x04" else "plain"


def _head(path: Path) -> tuple[str, list[str]]:
    """How the file is packed, and its first whole lines."""
    try:
        packing = _packing(path)
        with open_packed(path, packing) as file:
            raw = file.read(HEAD)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise DataError(f"{path}: damaged archive: {error}") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    if not raw.strip():
        raise DataError(f"{path}: empty file; expected tab-separated event rows")
    if b"\0" in raw:
        raise DataError(f"{path}: binary data; expected tab-separated text, plain, gzip or zip")
    lines = raw.decode("utf-8", errors="replace").splitlines()
    cut = len(raw) == HEAD and not raw.endswith(b"\n") and len(lines) > 1
    return packing, lines[:-1] if cut else lines


def _plain(name: str) -> str:
    return re.sub(r"[\s_]", "", name).lower()


def _by_header(path: Path, packing: str, lines: list[str]) -> Release | None:
    """Find the release whose column names stand in the first line, if any do."""
    names = [name.strip().strip('"') for name in lines[0].lstrip("\ufeff").split("\t")]
    known = set(names)
    if {"Actor Name", "Event Type"} <= known:
        return _polecat(path, packing, names, lines)
    if {"Event ID", "CAMEO Code"} & known and "Event Date" in known:
        return _named(path, packing, names, formats.ICEWS)
    if "GLOBALEVENTID" in known:
        same = [each for each in _COUNTED.values() if set(each.columns) == known]
        return _named(path, packing, names, same[0] if same else formats.GDELT2)
    return _plover(path, packing, names)


def _named(path: Path, packing: str, names: list[str], form: Format) -> Release:
    """Accept a file whose header must hold exactly the format's names, in any order."""
    lost = [name for name in form.columns if name not in names]
    extra = [name for name in names if name not in form.columns]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if lost or extra or twice:
        found = "; ".join(
            f"{what}: {', '.join(which)}"
            for what, which in (("missing", lost), ("not expected", extra), ("repeated", twice))
            if which
        )
        raise DataError(
            f"{path}:1: looks like {form.title}, expected {len(form.columns)} columns, found {len(names)}; "
            f"{found}"
        )
    return Release(path, replace(form, columns=tuple(names)), 1, packing)


def _polecat(path: Path, packing: str, names: list[str], lines: list[str]) -> Release:
    """POLECAT: some headers name more columns than the rows have, some rows end in empty columns.

    The order of the rows is the same in every release, so the header is read only to know the format.
    """
    form = formats.POLECAT
    lost = [name for name in form.columns if name not in names]
    if lost:
        raise DataError(
            f"{path}:1: looks like {form.title}, but these columns are missing: {', '.join(lost)}"
        )
    width = lines[1].count("\t") + 1 if len(lines) > 1 else len(form.columns)
    if width < len(form.columns):
        raise DataError(f"{path}:2: {form.title}: expected {len(form.columns)} columns, found {width}")
    odd = [name for name in names if name not in form.columns]
    note = (
        f"the header also names {', '.join(odd) or 'a column twice'}; skipped"
        if len(names) > len(form.columns)
        else ""
    )
    return Release(path, form, 1, packing, surplus=width - len(form.columns), note=note)


def _plover(path: Path, packing: str, names: list[str]) -> Release | None:
    """Accept a PLOVER-coded table: any header that names a date, an actor, a recipient and an event type."""
    plain = [_plain(name) for name in names]
    fields: dict[str, str] = {}
    for what, spellings in formats.PLOVER_NAMES.items():
        hits = [spelling for spelling in spellings if spelling in plain]
        if hits:
            fields[what] = names[plain.index(hits[0])]
    found = [need for need in formats.PLOVER_NEEDS if need in fields]
    if len(found) < 2:
        return None
    if lost := [need for need in formats.PLOVER_NEEDS if need not in fields]:
        accepted = "; ".join(f"{need}: {' or '.join(formats.PLOVER_NAMES[need])}" for need in lost)
        raise DataError(
            f"{path}:1: looks like {formats.PLOVER.title}, but no column for {accepted} "
            f"(found {', '.join(names)})"
        )
    return Release(path, replace(formats.PLOVER, columns=tuple(names), fields=fields), 1, packing)


def _by_columns(path: Path, packing: str, lines: list[str]) -> Release:
    """Tell a file without header by its number of columns, then by the look of its first row."""
    cells = lines[0].split("\t")
    form = _COUNTED.get(len(cells))
    if form is None:
        listed = ", ".join(f"{n} ({each.title})" for n, each in sorted(_COUNTED.items()))
        raise DataError(
            f"{path}:1: found {len(cells)} columns and no known header; expected {listed}, "
            "or a header of ICEWS, POLECAT or PLOVER"
        )
    for column, shape in _SHAPE[form.name].items():
        if not re.fullmatch(shape, cells[column]):
            raise DataError(
                f"{path}:1: {len(cells)} columns as in {form.title}, but column {column + 1} "
                f"({form.columns[column]}) holds {cells[column][:40]!r}"
            )
    return Release(path, form, 0, packing)
