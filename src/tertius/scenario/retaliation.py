"""Matched retaliation: the other side does the mirror image to the sender."""

from __future__ import annotations

import numpy as np

from tertius.scenario.wedge import Wedges


def retaliate(wedges: Wedges) -> Wedges:
    """Mirror every burden: exporter and importer swapped, same weight, cost and rate.

    A cell whose mirror is burdened already (a two-way embargo) is not hit twice, and a rent that falls away
    is no burden. Both sides together are ``wedges | retaliate(wedges)``.
    """
    burden = (wedges.weight < 1) | (wedges.cost > 1) | (wedges.tariff > 0)
    key = np.stack([wedges.sector, wedges.exporter, wedges.importer])
    taken = np.unique(key, axis=1)
    mirror = np.concatenate([taken, key[[0, 2, 1]]], axis=1)
    _, where, count = np.unique(mirror, axis=1, return_inverse=True, return_counts=True)
    fresh = count[where.ravel()][taken.shape[1] :] == 1
    keep = burden & fresh
    return Wedges(
        wedges.sector[keep],
        wedges.importer[keep],
        wedges.exporter[keep],
        wedges.weight[keep],
        wedges.cost[keep],
        np.maximum(wedges.tariff[keep], 0.0),
    )
