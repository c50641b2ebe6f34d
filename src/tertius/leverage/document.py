"""An assessment as a document: plain containers, JSON with a published schema, and data frames."""

from __future__ import annotations

import dataclasses
import json
import math
from functools import cache
from typing import TYPE_CHECKING, Any

from tertius.errors import DataError, UnknownNameError, unknown
from tertius.leverage.assessment import Assessment, Quantity
from tertius.leverage.fields import FIELDS

if TYPE_CHECKING:
    import pandas as pd
    from pydantic import TypeAdapter

SCHEMA = "tertius-assessment/1"
TABLES = ("lifelines", "curve", "attribution", "costs", "swing", "loss", "checks")


def to_dict(assessment: Assessment) -> dict[str, Any]:
    """Plain containers (dict, list, str, float, int, bool, None) in the order of the fields.

    Raises
    ------
    DataError
        A number is not finite: unknown is None, and nan is a mistake of whoever made the assessment.
    """
    problems: list[str] = []
    document = {"schema": SCHEMA, **_plain(assessment, "$", problems)}
    if problems:
        raise DataError(problems)
    return document


def to_json(assessment: Assessment) -> str:
    """Return the document as JSON text, the same bytes for the same assessment."""
    return json.dumps(to_dict(assessment), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def from_dict(document: dict[str, Any]) -> Assessment:
    """Read a document back.

    Raises
    ------
    DataError
        Another schema, a missing or unknown field, a wrong type: all of them at once, each with its path.
    """
    from pydantic import ValidationError

    given = document.get("schema")
    if given != SCHEMA:
        raise DataError(f'$.schema: "{given}" is not "{SCHEMA}", the only one this version reads')
    fields = {key: value for key, value in document.items() if key != "schema"}
    try:
        return _adapter().validate_python(fields, extra="forbid")
    except ValidationError as error:
        raise DataError([f"{_path(e['loc'])}: {e['msg']}" for e in error.errors()]) from error


def to_frame(assessment: Assessment, table: str = "lifelines") -> pd.DataFrame:
    """One table of the assessment, one row per record.

    A quantity becomes four columns: `value` (central), `value_low`, `value_high` (nan where unknown) and
    `value_unit` (unit and year).

    Raises
    ------
    UnknownNameError
        `table` is not one of `TABLES`.
    """
    import pandas as pd

    if table not in TABLES:
        raise UnknownNameError(unknown("table", table, TABLES))
    return pd.DataFrame([_row(record) for record in getattr(assessment, table)])


def schema() -> dict[str, Any]:
    """Build the JSON schema of the document, generated from the types and described by `fields.FIELDS`."""
    found = _adapter().json_schema()
    definitions = found.pop("$defs")
    for name, definition in (*definitions.items(), ("Assessment", found)):
        definition["additionalProperties"] = False
        for key, field in definition["properties"].items():
            field.pop("title", None)
            field["description"] = FIELDS[name][key]
    found["properties"] = {"schema": {"const": SCHEMA}, **found["properties"]}
    found["required"] = ["schema", *found["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tertius assessment",
        **{key: value for key, value in found.items() if key != "title"},
        "description": "Everything one question returns. Bands are Quantities; null is unknown.",
        "$defs": definitions,
    }


def schema_text() -> str:
    """Return the text of the published schema file (docs/schema/assessment.schema.json)."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


@cache
def _adapter() -> TypeAdapter[Assessment]:
    from pydantic import TypeAdapter

    return TypeAdapter(Assessment)


def _plain(value: Any, path: str, problems: list[str]) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _field(value, field, path, problems) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item, f"{path}.{key}", problems) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{path}[{at}]", problems) for at, item in enumerate(value)]
    return _scalar(value, path, problems)


def _field(record: Any, field: dataclasses.Field[Any], path: str, problems: list[str]) -> Any:
    value = getattr(record, field.name)
    if isinstance(value, int) and "float" in str(field.type):
        value = float(value)  # 0 and 0.0 are the same number and must be the same text
    return _plain(value, f"{path}.{field.name}", problems)


def _scalar(value: Any, path: str, problems: list[str]) -> Any:
    if hasattr(value, "item"):  # numpy scalars
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        problems.append(f"{path}: {value} is not a number; unknown is written as None")
    elif not isinstance(value, (str, int, float, bool, type(None))):
        problems.append(f"{path}: {type(value).__name__} cannot be written as JSON")
    return value


def _path(location: tuple[int | str, ...]) -> str:
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)


def _row(record: Any) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if isinstance(value, Quantity):
            row |= _columns(field.name, value)
        else:
            row[field.name] = "; ".join(value) if isinstance(value, tuple) else value
    return row


def _columns(name: str, quantity: Quantity) -> dict[str, Any]:
    numbers = {name: quantity.central, f"{name}_low": quantity.low, f"{name}_high": quantity.high}
    unit = quantity.unit if quantity.year is None else f"{quantity.unit} {quantity.year}"
    return {key: math.nan if x is None else float(x) for key, x in numbers.items()} | {f"{name}_unit": unit}
