import numpy as np
import pytest

from tertius.errors import InputError, UnknownNameError
from tertius.scenario import Scope, combine, parse_measure, rebase, retaliate
from tertius.scenario.measures import Discount, Embargo, PriceCap
from tertius.scenario.scope import FOLD_THETA, fold


def us(line):
    return parse_measure(line + " by USA")


def cell(world, wedges, sector, exporter, importer):
    """(weight, cost, tariff) of one cell; (1, 1, 0) where nothing changes."""
    at = (
        (wedges.sector == world.sector(sector))
        & (wedges.exporter == world.country(exporter))
        & (wedges.importer == world.country(importer))
    )
    assert at.sum() <= 1
    return (wedges.weight[at][0], wedges.cost[at][0], wedges.tariff[at][0]) if at.any() else (1.0, 1.0, 0.0)


EVERY_LINE = [
    "embargo all both",
    "embargo machinery imports 80% leak 10% at 20%",
    "export_control machinery",
    "tariff 30% on refined_fuels",
    "financial_sanction 15%",
    "financial_sanction 15% scope all",
    "secondary_tariff 25% on partners of IRN as primary",
    "price_cap crude_oil_gas 60 usd/bbl",
    "discount 8 usd/bbl to CHN gone",
]


@pytest.mark.parametrize("line", EVERY_LINE)
def test_no_measure_touches_a_home_cell_or_a_cell_twice(world, line):
    wedges = us(line).apply(world, "IRN")
    assert len(wedges) > 0
    assert (wedges.exporter != wedges.importer).all()
    keys = np.stack([wedges.sector, wedges.exporter, wedges.importer])
    assert np.unique(keys, axis=1).shape == keys.shape


def test_a_full_embargo_is_an_exact_zero(world):
    wedges = us("embargo crude_oil_gas exports").apply(world, "IRN")
    assert len(wedges) == 1
    assert cell(world, wedges, "crude_oil_gas", "IRN", "USA") == (0.0, 1.0, 0.0)


def test_partial_coverage_scales_the_kernel_weight(world):
    wedges = us("embargo machinery exports 80%").apply(world, "IRN")
    assert cell(world, wedges, "machinery", "IRN", "USA")[0] == pytest.approx(0.2)


def test_food_and_medicine_stay_in_the_targets_imports_only(world):
    wedges = us("embargo all both").apply(world, "IRN")
    assert cell(world, wedges, "agri_food", "USA", "IRN") == (1.0, 1.0, 0.0)
    assert cell(world, wedges, "chemicals", "USA", "IRN")[0] == pytest.approx(
        0.25
    )  # medicine share of the world
    assert cell(world, wedges, "agri_food", "IRN", "USA")[0] == 0.0
    assert cell(world, wedges, "chemicals", "IRN", "USA")[0] == 0.0


def test_exempting_nothing_cuts_food_and_medicine_too(world):
    wedges = us("embargo all both exempt nothing").apply(world, "IRN")
    assert (wedges.weight == 0.0).all()
    assert len(wedges) == 2 * len(world.sectors)


@pytest.mark.parametrize("theta", [0.8, 2.0, 8.0])
def test_leakage_of_a_full_embargo_is_exact_at_every_elasticity(world, theta):
    wedges = us("embargo machinery imports leak 10% at 20%").apply(world, "IRN")
    weight, cost, _ = cell(world, wedges, "machinery", "USA", "IRN")
    assert weight * cost**-theta == pytest.approx(0.1 * 1.2**-theta)


def test_leakage_of_a_partial_embargo_is_exact_at_the_folding_elasticity_and_close_beside_it(world):
    wedges = us("embargo machinery imports 80% leak 10% at 20%").apply(world, "IRN")
    weight, cost, _ = cell(world, wedges, "machinery", "USA", "IRN")
    for theta, tolerance in ((FOLD_THETA, 1e-12), (0.8, 0.01)):
        assert weight * cost**-theta == pytest.approx(0.2 + 0.8 * 0.1 * 1.2**-theta, rel=tolerance)


def test_folding_an_empty_kernel_is_an_exact_zero():
    weight, cost = fold([(np.zeros(1), 1.0), (np.zeros(1), 1.2)])
    assert (weight, cost) == (0.0, 1.0)


def test_a_tariff_is_paid_by_the_senders_importers_on_goods_only(world):
    wedges = us("tariff 30%").apply(world, "IRN")
    assert cell(world, wedges, "machinery", "IRN", "USA") == (1.0, 1.0, 0.3)
    assert cell(world, wedges, "machinery", "USA", "IRN") == (1.0, 1.0, 0.0)
    assert cell(world, wedges, "other_services", "IRN", "USA") == (1.0, 1.0, 0.0)


def test_a_threat_never_acts_on_the_target_but_on_the_supporter(world):
    threat = us("secondary_tariff 25% on partners of IRN")
    assert len(threat.apply(world, "IRN")) == 0
    hit = threat.enforce(world, "CHN", "IRN")
    assert cell(world, hit, "machinery", "CHN", "USA") == (1.0, 1.0, 0.25)
    assert set(hit.exporter) == {world.country("CHN")}
    assert set(hit.importer) == {world.country("USA")}


def test_a_primary_measure_enforces_nothing(world):
    assert len(us("tariff 30%").enforce(world, "CHN", "IRN")) == 0


def test_nobody_is_punished_for_trading_with_itself_and_no_sender_punishes_itself(world):
    threat = us("secondary_tariff 25% on partners of IRN")
    assert len(threat.enforce(world, "IRN", "IRN")) == 0
    assert len(threat.enforce(world, "USA", "IRN")) == 0


def test_any_measure_can_be_a_threat(world):
    threat = us("financial_sanction 15% as threat")
    assert len(threat.apply(world, "IRN")) == 0
    assert cell(world, threat.enforce(world, "CHN", "IRN"), "machinery", "CHN", "USA")[1] == pytest.approx(
        1.15
    )


def test_the_threshold_decides_who_is_a_partner(world):
    everyone = us("secondary_tariff 25% on partners of IRN")
    large = us("secondary_tariff 25% on partners of IRN above 99%")
    assert "CHN" in everyone.partners(world, "IRN")
    assert "IRN" not in everyone.partners(world, "IRN")
    assert large.partners(world, "IRN") == ()
    assert len(large.enforce(world, "CHN", "IRN")) == 0


def test_partners_are_counted_in_the_sectors_and_direction_named(world):
    oil, t = world.sector("crude_oil_gas"), world.country("IRN")
    largest = world.countries[
        int(np.argmax(np.where(np.arange(len(world.countries)) == t, 0, world.sales[oil, t])))
    ]
    floor = 0.999 * world.sales[oil, t, world.country(largest)]
    measure = us(f"secondary_tariff 25% on buyers from IRN in crude_oil_gas above {floor} usd_mn")
    assert measure.partners(world, "IRN") == (largest,)


def test_a_financial_sanction_is_an_iceberg_cost_both_ways_and_spares_food_imports(world):
    wedges = us("financial_sanction 15%").apply(world, "IRN")
    assert cell(world, wedges, "machinery", "IRN", "USA") == (1.0, pytest.approx(1.15), 0.0)
    assert cell(world, wedges, "machinery", "USA", "IRN") == (1.0, pytest.approx(1.15), 0.0)
    assert cell(world, wedges, "agri_food", "USA", "IRN") == (1.0, 1.0, 0.0)
    assert cell(world, wedges, "machinery", "CHN", "IRN") == (1.0, 1.0, 0.0)


def test_a_financial_sanction_of_scope_all_reaches_trade_with_everyone(world):
    wedges = us("financial_sanction 15% scope all").apply(world, "IRN")
    assert cell(world, wedges, "machinery", "CHN", "IRN")[1] == pytest.approx(1.15)
    assert cell(world, wedges, "machinery", "CHN", "USA") == (1.0, 1.0, 0.0)


def test_a_price_cap_is_the_rent_between_price_and_cap_and_a_loose_cap_is_nothing(world):
    wedges = us("price_cap 60 usd/bbl price 75 usd/bbl to CHN").apply(world, "IRN")
    assert cell(world, wedges, "crude_oil_gas", "IRN", "CHN") == (1.0, 1.0, pytest.approx(0.25))
    assert len(us("price_cap 60 usd/bbl price 50 usd/bbl to CHN").apply(world, "IRN")) == 0


def test_a_price_cap_without_buyers_binds_everyone_but_the_senders(world):
    wedges = us("price_cap 60 usd/bbl price 75 usd/bbl").apply(world, "IRN")
    assert world.country("USA") not in set(wedges.importer)
    assert len(wedges) == len(world.countries) - 2


def test_a_discount_acts_on_the_base_year_and_gone_takes_back_exactly_that(world):
    there, gone = parse_measure("discount 20% to CHN"), parse_measure("discount 20% to CHN gone")
    assert len(there.apply(world, "IRN")) == 0
    base = there.base(world, "IRN")
    assert cell(world, base, "crude_oil_gas", "IRN", "CHN")[2] == pytest.approx(0.25)  # d / (1 - d)
    assert combine([base, gone.apply(world, "IRN")]).tariff == pytest.approx([0.0])


def test_a_discount_of_one_channel_weighs_with_that_channels_share(world):
    shielded = parse_measure("discount 20% to CHN shielded").base(world, "IRN")
    open_ = parse_measure("discount 20% to CHN open").base(world, "IRN")
    assert shielded.tariff == pytest.approx([0.75 * 0.25])
    assert open_.tariff == pytest.approx([0.25 * 0.25])


def test_dollars_a_barrel_use_the_price_of_the_year_they_were_said_in():
    said_2015 = parse_measure("discount 8 usd/bbl to CHN said 2015-06-01")
    assert said_2015.depth(2023) == pytest.approx(8 / 52.32)
    assert parse_measure("discount 8 usd/bbl to CHN").depth(2023) == pytest.approx(8 / 82.49)


def test_taking_a_rent_into_the_base_keeps_sales_gdp_and_deficits(world):
    rent = parse_measure("discount 20% to CHN").base(world, "IRN")
    rebased = rebase(world, rent)
    assert (rebased.sales == world.sales).all()
    assert rebased.deficit == pytest.approx(world.deficit)
    n = world.country("CHN")
    collected = 0.25 * world.sales[world.sector("crude_oil_gas"), world.country("IRN"), n]
    assert rebased.revenue[n] - world.revenue[n] == pytest.approx(collected)
    others = [k for k in range(len(world.countries)) if k != n]
    assert rebased.gdp[others] == pytest.approx(world.gdp[others])


def test_support_changes_no_cell_and_has_a_yearly_value(world):
    pact = parse_measure("supply_pact 10 kb/d from CHN price 60 usd/bbl")
    assert len(pact.apply(world, "CUB")) == 0
    assert pact.value(2023) == pytest.approx(10_000 * 365 * 60 / 1e6)  # million USD
    assert parse_measure("aid 80 usd_mn from CHN").value(2023) == 80


def test_a_listing_names_its_channel_and_moves_no_cell(world):
    listing = us("entity_listing shielded of CHN stake teapots")
    assert listing.hits("CHN", "shielded")
    assert not listing.hits("CHN", "open")
    assert not listing.hits("RUS", "shielded")
    assert len(listing.enforce(world, "CHN", "IRN")) == 0


def test_retaliation_is_the_mirror_image(world):
    wedges = us("tariff 30%").apply(world, "IRN")
    back = retaliate(wedges)
    assert cell(world, back, "machinery", "USA", "IRN") == (1.0, 1.0, 0.3)
    assert len(back) == len(wedges)


def test_a_two_way_measure_leaves_nothing_to_retaliate_and_relief_is_no_burden(world):
    both = us("financial_sanction 15% exempt nothing").apply(world, "IRN")
    assert len(retaliate(both)) == 0
    assert len(retaliate(parse_measure("discount 20% to CHN gone").apply(world, "IRN"))) == 0


def test_coalitions_are_cut_together_and_groups_follow_the_date(world):
    measure = Embargo(sectors="machinery", direction="exports", senders=["USA", "JPN"])
    wedges = measure.apply(world, "IRN")
    assert set(wedges.importer) == {world.country("USA"), world.country("JPN")}


def test_a_group_without_any_date_and_a_measure_without_sender_say_so(world):
    with pytest.raises(InputError, match="which day"):
        parse_measure("tariff 30% by EU27").apply(world, "IRN")
    with pytest.raises(InputError, match="no sender"):
        parse_measure("tariff 30%").apply(world, "IRN")


def test_a_country_the_world_lacks_is_an_error_not_a_skip(world):
    with pytest.raises(UnknownNameError, match="RUS"):
        us("tariff 30%").apply(world, "RUS")


def test_complying_cuts_the_channel_by_its_share_of_the_cell(world):
    scope = us("embargo crude_oil_gas exports").scope
    shielded = scope.cut(world, "CHN", "IRN", "shielded")
    open_ = scope.cut(world, "CHN", "IRN", "open")
    assert cell(world, shielded, "crude_oil_gas", "IRN", "CHN")[0] == pytest.approx(0.25)
    assert cell(world, open_, "crude_oil_gas", "IRN", "CHN")[0] == pytest.approx(0.75)
    assert cell(world, scope.cut(world, "CHN", "IRN"), "crude_oil_gas", "IRN", "CHN")[0] == 0.0
    assert len(scope.cut(world, "CHN", "IRN", "aid")) == 0


def test_the_scope_of_an_all_round_cut_spares_food_imports(world):
    wedges = Scope(world.sectors, "both", 1.0, ("food", "medicine")).cut(world, "CHN", "IRN")
    assert cell(world, wedges, "agri_food", "CHN", "IRN") == (1.0, 1.0, 0.0)
    assert cell(world, wedges, "agri_food", "IRN", "CHN")[0] == 0.0


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        (Discount, {"buyer": "CHN"}, "either usd_per_barrel or fraction"),
        (Discount, {"buyer": "CHN", "usd_per_barrel": 70, "price": 60}, "eats the price"),
        (PriceCap, {"cap": 60, "wedge": 0.2}, "either cap"),
        (PriceCap, {"cap": 60, "sectors": "machinery"}, "needs one oil sector"),
        (Embargo, {"sectors": "machinery", "coverage": "120%"}, "more than all"),
        (Embargo, {"sectors": "agri_food", "direction": "imports"}, "nothing would be cut"),
    ],
)
def test_impossible_values_are_refused(kind, fields, message):
    with pytest.raises(ValueError, match=message):
        kind(**fields)
