"""The figures: deterministic, text as text, unknown never drawn as zero."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET

import pytest

from tertius.leverage.assessment import Cost, Quantity
from tertius.report import curve_figure, figures
from tertius.report.pictures import FIGURES, pictures
from tertius.report.staircase import breaks, leverage_at, staircase
from tertius.report.vector import NARROW, WIDE, linear, logarithmic, round_step, width_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn(assessment):
    return {picture.name: picture for picture in pictures(assessment)}


def parsed(canvas):
    return ET.fromstring(canvas.render("x", "title", "words"))


def words(root):
    return [text.text for text in root.iter(f"{SVG}text")]


def marks(root):
    return [each for each in root.iter() if each.get("class") == "mark"]


def test_every_figure_is_drawn_as_xml_with_a_title_and_a_description(drawn):
    assert list(drawn) == list(FIGURES)
    for picture in drawn.values():
        for cut in (picture.wide, picture.narrow):
            root = ET.fromstring(cut)
            assert root.get("role") == "img"
            said = {root[0].get("id"): root[0].text, root[1].get("id"): root[1].text}
            labels = root.get("aria-labelledby").split()
            assert [said[label] for label in labels] == [picture.title, picture.caption]


def test_two_runs_give_the_same_bytes(assessment, drawn):
    assert {picture.name: picture for picture in pictures(assessment)} == drawn


def test_nothing_is_dated_or_fetched_and_text_is_text(drawn):
    for picture in drawn.values():
        assert not re.search(r"<style|<metadata|<image|@import|url\(", picture.wide)
        assert set(re.findall(r'https?://[^"]+', picture.wide)) == {"http://www.w3.org/2000/svg"}
    assert "China, shielded" in drawn["merit-order"].wide


def test_pictures_in_one_page_share_no_ids(drawn):
    ids = [
        found
        for p in drawn.values()
        for cut in (p.wide, p.narrow)
        for found in re.findall(r'\bid="([^"]+)"', cut)
    ]
    assert len(ids) == len(set(ids)) == 4 * len(drawn)


def test_names_are_escaped(synthetic):
    made = synthetic.make([("XXX", "<b>A & B</b>", "open", 1.0, 0.1)])
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in pictures(made)[0].wide


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_nothing_is_drawn_outside_the_picture(assessment, width):
    for sketch in FIGURES.values():
        canvas = sketch.make(assessment, width)
        for mark in parsed(canvas).iter(f"{SVG}polyline"):
            for point in mark.get("points").split():
                x, y = map(float, point.split(","))
                assert -0.01 <= x <= canvas.width + 0.01
                assert -0.01 <= y <= canvas.height + 0.01


def test_an_unknown_q_star_is_written_out_and_has_no_marker(assessment):
    root = parsed(figures.merit_order(assessment, WIDE))
    unknown = [line for line in assessment.lifelines if line.q_star.central is None]
    assert words(root).count("unknown") == len(unknown) == 2
    assert len(marks(root)) == len(assessment.lifelines) - len(unknown)


def test_an_unknown_cost_is_written_out(synthetic):
    unknown, known = (
        Quantity(x, x, x, "per cent", 2023) if x else Quantity(None, None, None, "per cent", 2023)
        for x in (None, 0.5)
    )
    costs = tuple(
        Cost(who, "third party, complies", x, x, x) for who, x in (("CHN", unknown), ("IND", known))
    )
    root = parsed(figures.costs(synthetic.make(costs=costs), WIDE))
    assert words(root).count("unknown") == 1
    assert len(marks(root)) == 1


# -- the staircase ----------------------------------------------------------------------------------------


def a_curve(*points):
    from tertius.leverage.assessment import CurvePoint

    return tuple(CurvePoint(q, Quantity(level, level, level, "fraction", None), ()) for q, level in points)


def some_lines(synthetic, *rows):
    """Lifelines (code, q*, loss if cut)."""
    made = synthetic.make([(code, code, "open", 50.0 * loss, q) for code, q, loss in rows])
    return made.lifelines


def test_a_single_lifeline_steps_at_its_own_q_and_not_at_the_solved_points(synthetic):
    curve = a_curve((0.0, 0.0), (0.1, 0.0), (0.2, 0.4), (1.0, 0.4))
    corners = staircase(curve, some_lines(synthetic, ("CHN", 0.13, 4.0)))
    assert (0.13, 0.0) in corners
    assert (0.13, pytest.approx(0.4)) in corners


def test_several_steps_share_a_rise_by_what_each_does_alone(synthetic):
    curve = a_curve((0.0, 0.0), (0.1, 0.1), (0.2, 0.5), (1.0, 0.5))
    corners = staircase(curve, some_lines(synthetic, ("CHN", 0.12, 3.0), ("IND", 0.18, 1.0)))
    top = dict(corners)
    assert top[0.12] == pytest.approx(0.1 + 0.4 * 3 / 4)
    assert top[0.18] == pytest.approx(0.5)


def test_the_staircase_goes_through_every_solved_point_and_never_back(assessment):
    corners = staircase(assessment.curve, assessment.lifelines)
    assert [q for q, _ in corners] == sorted(q for q, _ in corners)
    for point in assessment.curve:
        assert (point.q, point.leverage.central) in corners


def test_what_holds_at_certainty_makes_no_step(synthetic):
    curve = a_curve((0.0, 0.0), (0.5, 0.2), (1.0, 0.3))
    lines = some_lines(synthetic, ("CHN", 1.0, 3.0))
    assert staircase(curve, lines) == [(0.0, 0.0), (0.5, 0.2), (1.0, 0.3)]


def test_a_hole_in_the_curve_is_left_out(assessment):
    unknown = dataclasses.replace(assessment.curve[3], leverage=Quantity(None, None, None, "fraction", None))
    holed = (*assessment.curve[:3], unknown, *assessment.curve[4:])
    levels = [level for _, level in staircase(holed, assessment.lifelines)]
    assert None not in levels
    assert unknown.q not in {q for q, _ in staircase(holed, ())}


def test_channels_of_one_supporter_that_break_together_are_one_break(synthetic):
    rows = [("IND", "India", "open", 5.0, 0.2), ("IND", "India", "shielded", 3.0, 0.2)]
    (found,) = breaks(synthetic.make(rows).lifelines)
    assert found.channels == ("open", "shielded")
    assert found.weight == pytest.approx(0.16)


def test_leverage_is_read_at_the_step_below():
    curve = a_curve((0.0, 0.0), (0.1, 0.3), (0.5, 0.6))
    assert leverage_at(curve, 0.3).central == 0.3
    assert leverage_at(curve, 0.5).central == 0.6
    assert leverage_at((), 0.5) is None


def test_the_largest_breaks_are_named_under_the_curve_and_the_rest_only_marked(synthetic):
    rows = [(f"X{at:02}", f"Land {at}", "open", 1.0 + at, 0.01 + at / 50) for at in range(30)]
    root = parsed(curve_figure.leverage_curve(synthetic.make(rows), WIDE))
    named = [text for text in words(root) if text.startswith("Land")]
    assert named == [f"Land {at}, open" for at in range(30 - curve_figure.SHOWN, 30)]


@pytest.mark.parametrize("count", [0, 1, 35])
def test_any_number_of_lifelines_can_be_drawn(synthetic, count):
    name = "The Quite Extraordinarily Long-Named Republic of Number"
    rows = [(f"X{at:02}", f"{name} {at}", "open", 1.0 + at, 0.01 + at / 40) for at in range(count)]
    assert {picture.name for picture in pictures(synthetic.make(rows))} >= {"curve", "costs"}


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_band_over_the_whole_axis_has_its_name_inside_the_picture(synthetic, width):
    made = synthetic.make()
    wide = dataclasses.replace(made.lifelines[3], q_star=Quantity(0.0001, 0.1, 1.0, "probability", None))
    root = parsed(
        curve_figure.leverage_curve(dataclasses.replace(made, lifelines=(wide, *made.lifelines[4:])), width)
    )
    for text in root.iter(f"{SVG}text"):
        x, reach = float(text.get("x")), width_of(text.text)
        if text.get("text-anchor") == "end":
            assert x - reach > -reach / 3
        elif text.get("text-anchor") == "start":
            assert x + reach < width + reach / 3


def test_what_does_not_fit_the_bars_is_summed_not_dropped(synthetic):
    made = synthetic.make([(f"X{at:02}", f"Land {at}", "open", 1.0 + at, 0.5) for at in range(30)])
    root = parsed(figures.attribution(made, WIDE))
    bars = [float(bar.get("width")) for bar in root.iter(f"{SVG}rect")]
    assert len(bars) == figures.SHOWN_BARS + 1
    shares = sorted((share.points.central for share in made.attribution), reverse=True)
    rest = sum(shares[figures.SHOWN_BARS :])
    assert bars[-1] / bars[0] == pytest.approx(rest / shares[0], rel=1e-3)


def test_only_the_third_parties_hit_hardest_are_drawn(synthetic):
    rows = [
        Cost(f"X{at:02}", "third party, complies", *(Quantity(at, at, at, "per cent", 2023),) * 3)
        for at in range(40)
    ]
    said = words(parsed(figures.costs(synthetic.make(costs=tuple(rows)), WIDE)))
    assert [text for text in said if text.startswith("X")] == [f"X{at}: complies" for at in range(39, 31, -1)]


# -- the scales -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("raw", "step"), [(0.13, 0.2), (0.2, 0.2), (3.0, 5.0), (7.0, 10.0), (0.051, 0.1)])
def test_ticks_are_round(raw, step):
    assert round_step(raw) == pytest.approx(step)


def test_a_linear_scale_covers_its_range_with_round_ticks():
    scale = linear(-0.3, 4.2, 100.0, 200.0)
    assert scale.ticks[0] <= -0.3
    assert scale.ticks[-1] >= 4.2
    assert scale(scale.start) == pytest.approx(100.0)
    assert scale(scale.end) == pytest.approx(200.0)
    assert scale(99.0) == scale(scale.end)


def test_a_logarithmic_scale_gives_every_decade_the_same_room():
    scale = logarithmic(0.001, 1.0, 0.0, 300.0, (1e-4, 0.01, 1.0))
    assert [scale(q) for q in (0.001, 0.01, 0.1, 1.0)] == pytest.approx([0.0, 100.0, 200.0, 300.0])
    assert scale.ticks == (0.01, 1.0)
    assert scale(0.0) == 0.0
