"""Lerner symmetry: who may not sell cannot buy, so cutting exports, imports or both is the same thing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.engine import Elasticities, Rules, Shock, solve, solve_many
from tertius.scenario.wedge import Wedges

THETA = np.array([2.0, 4.0, 6.0])


@settings(max_examples=12, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), mobility=st.sampled_from([np.inf, 0.0]))
def test_exports_alone_imports_alone_and_isolation_cost_the_same(made_up, isolation, seed, mobility):
    e = made_up(seed, 5, 3)
    one, rules = Elasticities(THETA, mobility=mobility), Rules("zero")
    cuts = [isolation(e, "DDD", flow=flow) for flow in ("exports", "imports", "both")]
    sold, bought, both = (x.real_income for x in solve_many(e, cuts, one, rules=rules))
    np.testing.assert_allclose(sold, both, atol=1e-9)
    np.testing.assert_allclose(bought, both, atol=1e-9)
    assert both[3] < 0.999


def test_a_target_in_balance_needs_no_balanced_world(made_up, isolation):
    e = made_up(2, 5, 3)
    cuts = [isolation(e, "DDD", flow=flow) for flow in ("exports", "imports", "both")]
    balanced = [Shock(cut.wedges, balanced=(3,)) for cut in cuts]
    losses = [x.of("DDD") for x in solve_many(e, balanced, THETA)]
    assert losses[0] == pytest.approx(losses[2], abs=1e-9)
    assert losses[1] == pytest.approx(losses[2], abs=1e-9)


@pytest.mark.parametrize("flow", ["exports", "imports", "both"])
def test_the_loss_runs_smoothly_into_isolation_as_the_last_links_thin_out(made_up, isolation, flow):
    e = made_up(5, 5, 3, tariffs=False, deficits=False)
    alone = solve(e, isolation(e, "DDD"), THETA).of("DDD")
    cells = isolation(e, "DDD", flow=flow).wedges
    losses = []
    for weight in (1e-1, 1e-2, 1e-4, 1e-7, 1e-12):
        w = Wedges(
            cells.sector, cells.exporter, cells.importer, 0 * cells.weight + weight, cells.cost, cells.tariff
        )
        result = solve(e, Shock(w), THETA)
        assert result.residual < 1e-10
        losses.append(result.of("DDD"))
    assert (np.diff(losses) > -1e-9).all()
    assert losses[0] < alone - 1e-3
    assert losses[-1] == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("tiny", [1e-2, 1e-4])
def test_a_target_left_with_one_tiny_partner_is_nearly_isolated(arrays, isolation, tiny):
    from tertius.engine import Economy

    given_ = arrays(9, 5, 3, tariffs=False, deficits=False)
    e = Economy.from_arrays(**_shrunk(given_, 4, tiny))
    kept, alone = solve_many(e, [isolation(e, "DDD", keep=("EEE",)), isolation(e, "DDD")], THETA)
    assert kept.residual < 1e-10
    assert 0.0 < alone.of("DDD") - kept.of("DDD") < 3.0 * tiny
    assert kept.trade_share[:, 4, 3].sum() > 0


def _shrunk(given_, n, factor):
    """The same world with one country made small: its trade and its home sales scaled down."""
    share, tariff = given_["trade_share"], given_["tariff"]
    spending = _spending(given_)
    sales = share / (1 + tariff) * spending[:, None, :]
    sales[:, n, :] *= factor
    sales[:, :, n] *= factor
    sales[:, n, n] /= factor
    out, bought = sales.sum(axis=2), sales.sum(axis=1)
    v, inputs = given_["value_added_share"], given_["input_share"] * out.T[:, None, :]
    final = bought - inputs.sum(axis=2).T
    return given_ | {
        "trade_share": sales / bought[:, None, :],
        "final_share": final / final.sum(axis=0),
        "value_added": (v * out).sum(axis=0),
        "deficit": bought.sum(axis=0) - out.sum(axis=0),
    }


def _spending(given_):
    from tertius.engine import Economy

    return Economy.from_arrays(**given_).spending
