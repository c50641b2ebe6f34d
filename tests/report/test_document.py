"""The assessment as a document."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from tertius.errors import DataError, UnknownNameError
from tertius.leverage import assessment as types
from tertius.leverage.assessment import Quantity
from tertius.leverage.document import TABLES, from_dict, schema, schema_text, to_dict, to_frame, to_json
from tertius.leverage.fields import FIELDS

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "assessment.schema.json"


def test_the_published_schema_is_the_one_the_types_give():
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), "write docs/schema anew: schema_text()"


def test_every_field_is_described_and_nothing_else_is():
    for name, described in FIELDS.items():
        fields = [field.name for field in dataclasses.fields(getattr(types, name))]
        assert list(described) == fields, name
        assert all(described.values())


def test_the_document_has_the_fields_the_schema_requires(assessment):
    found = schema()
    document = to_dict(assessment)
    assert set(found["required"]) <= set(document) <= set(found["properties"])
    wanted = {"supporter", "channel", "value", "benefit", "exposure", "q_star", "influence_needed"}
    assert wanted <= set(document["lifelines"][0])
    assert set(document["lifelines"][0]["q_star"]) == {
        "low",
        "central",
        "high",
        "unit",
        "year",
        "sources",
        "note",
    }


def test_a_document_read_back_is_written_with_the_same_bytes(assessment):
    text = to_json(assessment)
    again = from_dict(json.loads(text))
    assert to_json(again) == text
    assert again.lifelines == assessment.lifelines
    assert again.provenance == assessment.provenance


def test_all_mistakes_of_a_document_are_reported_at_once_with_their_paths(assessment):
    document = json.loads(to_json(assessment))
    del document["headline"]
    document["curve"][2]["q"] = "often"
    document["lifelines"][0]["q_star"]["centre"] = 1
    with pytest.raises(DataError) as caught:
        from_dict(document)
    assert len(caught.value.problems) == 3
    for path in ("$.headline", "$.curve[2].q", "$.lifelines[0].q_star.centre"):
        assert any(problem.startswith(path) for problem in caught.value.problems), path


def test_a_document_of_another_schema_is_refused(assessment):
    with pytest.raises(DataError, match=r"\$\.schema"):
        from_dict({**to_dict(assessment), "schema": "tertius-assessment/0"})


def test_a_number_that_is_not_finite_is_refused_and_its_place_named(synthetic):
    bad = Quantity(0.0, float("nan"), float("inf"), "%", None)
    with pytest.raises(DataError) as caught:
        to_dict(synthetic.make(days_of_cover={"need": [bad]}))
    assert [p.split(":")[0] for p in caught.value.problems] == [
        "$.days_of_cover.need[0].central",
        "$.days_of_cover.need[0].high",
    ]


def test_numpy_numbers_become_plain_ones(synthetic):
    document = to_dict(
        synthetic.make(days_of_cover={"a": np.float64(1.5), "b": np.int64(2), "c": np.bool_(True)})
    )
    assert document["days_of_cover"] == {"a": 1.5, "b": 2, "c": True}
    assert {type(x) for x in document["days_of_cover"].values()} == {float, int, bool}


def test_something_json_cannot_hold_is_refused(synthetic):
    with pytest.raises(DataError, match=r"\$\.enforced\.x: object"):
        to_dict(synthetic.make(enforced={"x": object()}))


@pytest.mark.parametrize("table", TABLES)
def test_a_table_becomes_a_frame_with_a_row_per_record(assessment, table):
    frame = to_frame(assessment, table)
    assert len(frame) == len(getattr(assessment, table))


def test_unknown_is_nan_in_a_frame_and_units_stand_beside_the_numbers(assessment):
    frame = to_frame(assessment).set_index(["supporter", "channel"])
    assert np.isnan(frame.loc[("RUS", "security"), "q_star"])
    assert frame.loc[("CHN", "shielded"), "q_star"] == 0.16
    assert frame.loc[("CHN", "shielded"), "value_unit"] == "USD bn a year 2023"
    assert frame["q_star"].dtype == float


def test_an_unknown_table_says_which_there_are(assessment):
    with pytest.raises(UnknownNameError, match="lifelines"):
        to_frame(assessment, "lifeline")
