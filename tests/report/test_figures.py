"""The figures: deterministic, text as text, unknown never drawn as zero."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET

import pytest

from tertius.leverage.assessment import Cost, Quantity
from tertius.report import figures
from tertius.report.pictures import FIGURES, pictures


@pytest.fixture(scope="module")
def drawn(assessment):
    return {picture.name: picture for picture in pictures(assessment)}


def test_every_figure_is_drawn_as_xml_with_a_title_and_a_description(drawn):
    assert list(drawn) == list(FIGURES)
    for picture in drawn.values():
        for cut in (picture.wide, picture.narrow):
            root = ET.fromstring(cut)
            assert root.get("role") == "img"
            said = {root[0].get("id"): root[0].text, root[1].get("id"): root[1].text}
            assert [said[label] for label in root.get("aria-labelledby").split()] == [
                picture.title,
                picture.caption,
            ]


def test_two_runs_give_the_same_bytes(assessment, drawn):
    again = {picture.name: picture for picture in pictures(assessment)}
    assert again == drawn


def test_nothing_is_dated_or_fetched_and_text_is_text(drawn):
    for picture in drawn.values():
        assert not re.search(r"<style|<metadata|<image|@import|url\((?!#)", picture.wide)
        addresses = set(re.findall(r'https?://[^"]+', picture.wide))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "China, shielded" in drawn["merit-order"].wide


def test_pictures_in_one_page_share_no_ids(drawn):
    ids = [
        found
        for p in drawn.values()
        for cut in (p.wide, p.narrow)
        for found in re.findall(r'\bid="([^"]+)"', cut)
    ]
    assert len(ids) == len(set(ids))
    assert len(ids) > 24


def test_an_unknown_q_star_is_written_out_and_has_no_marker(assessment):
    axes = figures.merit_order(assessment).axes[0]
    words = [text.get_text() for text in axes.texts]
    assert words.count("unknown") == 1
    assert words.count("not exposed to this measure") == 1
    known = [line for line in assessment.lifelines if line.q_star.central is not None]
    markers = [line for line in axes.lines if line.get_marker() not in {"", "None", None}]
    assert len(markers) == len(known)
    assert min(float(line.get_xdata()[0]) for line in markers) > 0


def test_an_unknown_cost_is_written_out(assessment):
    axes = figures.needs(assessment).axes[0]
    assert [text.get_text() for text in axes.texts] == ["unknown"]


def test_the_curve_is_a_staircase_over_what_is_known(assessment):
    axes = figures.leverage_curve(assessment).axes[0]
    main = next(line for line in axes.lines if line.get_label() == "medium run (headline)")
    assert main.get_drawstyle() == "steps-post"
    assert list(main.get_ydata()) == [100 * point.leverage.central for point in assessment.curve]


def test_a_hole_in_the_curve_is_left_out(synthetic):
    whole = synthetic.make()
    unknown = Quantity(None, None, None, "fraction", None)
    holed = (*whole.curve[:3], dataclasses.replace(whole.curve[3], leverage=unknown), *whole.curve[4:])
    axes = figures.leverage_curve(dataclasses.replace(whole, curve=holed)).axes[0]
    main = next(line for line in axes.lines if line.get_label() == "medium run (headline)")
    assert len(main.get_xdata()) == len(whole.curve) - 1


@pytest.mark.parametrize("count", [0, 1, 35])
def test_any_number_of_lifelines_can_be_drawn(synthetic, count):
    rows = [
        (
            f"X{at:02}",
            f"The Quite Extraordinarily Long-Named Republic of Number {at}",
            "open",
            1.0 + at,
            0.01 + at / 40,
        )
        for at in range(count)
    ]
    made = synthetic.make(rows)
    assert {picture.name for picture in pictures(made)} >= {"curve", "losses"}


def test_all_unknown_is_still_a_picture(synthetic):
    rows = [("CHN", "China", "open", 1.0, None), ("RUS", "Russia", "security", 2.0, None)]
    axes = figures.merit_order(synthetic.make(rows)).axes[0]
    assert [text.get_text() for text in axes.texts] == ["unknown", "unknown"]


def test_what_does_not_fit_the_bars_is_summed_not_dropped(synthetic):
    rows = [(f"X{at:02}", f"Land {at}", "open", 1.0 + at, 0.5) for at in range(30)]
    made = synthetic.make(rows)
    axes = figures.attribution(made).axes[0]
    total = sum(patch.get_width() for patch in axes.patches)
    assert total == pytest.approx(sum(share.points.central for share in made.attribution))


def test_only_the_third_parties_hit_hardest_are_drawn(synthetic):
    rows = [
        Cost(
            f"X{at:02}", "third party, complies", *(Quantity(at, at, at, "per cent", 2023) for _ in range(3))
        )
        for at in range(40)
    ]
    axes = figures.costs(synthetic.make(costs=tuple(rows))).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        f"X{at}: complies" for at in range(39, 31, -1)
    ]


def test_a_band_over_the_whole_axis_has_its_name_inside_the_picture(synthetic):
    made = synthetic.make()
    wide = dataclasses.replace(made.lifelines[3], q_star=Quantity(0.0001, 0.1, 1.0, "probability", None))
    drawn = figures.leverage_curve(dataclasses.replace(made, lifelines=(wide, *made.lifelines[4:])))
    drawn.canvas.draw()
    right = drawn.axes[1].get_window_extent().x1
    assert all(text.get_window_extent().x1 <= right + 2 for text in drawn.axes[1].texts)
