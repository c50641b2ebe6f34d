"""JSON schema of a scenario document, published as docs/schema/scenario.schema.json."""

from __future__ import annotations

from typing import Any

from tertius.scenario.document import Scenario

_ONE_LINE = {
    "type": "string",
    "description": "a measure in one line, as in: secondary_tariff 25% on partners of IRN",
}


def schema() -> dict[str, Any]:
    """Return the schema of a scenario; a measure may be an object or one line."""
    document = Scenario.model_json_schema(mode="validation")
    measures = document["properties"]["measures"]
    measures["items"] = {"anyOf": [_ONE_LINE, measures["items"]]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **document}
