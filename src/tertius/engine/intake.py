"""Check arrays from outside and make one consistent economy of them.

Axes: s, k sector, i exporter, n importer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tertius.engine.economy import Economy
from tertius.errors import DataError

Array = NDArray[np.float64]

_ADDING_UP = 1e-5  # shares further than this from adding up are refused; nearer ones are rescaled and the shift reported
_SETTLE = 1e-15
# Published tables hold a few input cells just below zero (one of -0.0006 in Caliendo and Parro 2015). The Cobb-Douglas
# algebra holds with them, so they stay; a nested form with other elasticities refuses them.
_SLIGHTLY_NEGATIVE = 0.01


def economy_from_arrays(
    *,
    trade_share: ArrayLike,
    value_added_share: ArrayLike,
    input_share: ArrayLike,
    final_share: ArrayLike,
    value_added: ArrayLike,
    deficit: ArrayLike,
    tariff: ArrayLike | None,
    countries: tuple[str, ...] | None,
    sectors: tuple[str, ...] | None,
    input_basis: str,
) -> Economy:
    """See `Economy.from_arrays`."""
    pi = np.array(trade_share, dtype=np.float64)
    if pi.ndim != 3:
        raise DataError(f"trade_share: {pi.ndim} axes, expected 3 (sector, exporter, importer)")
    S, N = pi.shape[0], pi.shape[2]
    given = {
        "trade_share": (pi, (S, N, N)),
        "value_added_share": (np.array(value_added_share, dtype=np.float64), (S, N)),
        "input_share": (np.array(input_share, dtype=np.float64), (N, S, S)),
        "final_share": (np.array(final_share, dtype=np.float64), (S, N)),
        "value_added": (np.array(value_added, dtype=np.float64), (N,)),
        "deficit": (np.array(deficit, dtype=np.float64), (N,)),
        "tariff": (np.zeros((S, N, N)) if tariff is None else np.array(tariff, dtype=np.float64), (S, N, N)),
    }
    wrong = [
        f"{name}: shape {array.shape}, expected {shape}"
        for name, (array, shape) in given.items()
        if array.shape != shape
    ]
    if input_basis not in ("output", "inputs"):
        wrong.append(f'input_basis: "{input_basis}" is neither "output" nor "inputs"')
    names = tuple(countries or (f"country {n}" for n in range(N)))
    goods = tuple(sectors or (f"sector {s}" for s in range(S)))
    for what, labels, size in (("countries", names, N), ("sectors", goods, S)):
        if len(labels) != size or len(set(labels)) != len(labels):
            wrong.append(f"{what}: {len(labels)} labels ({len(set(labels))} different), expected {size}")
    if wrong:
        raise DataError(wrong)
    _, v, a, b, VA, D, t = (array for array, _ in given.values())
    _check_values(given, names, goods)
    if input_basis == "inputs":
        a = a * (1.0 - v.T)[:, None, :]
    wrong = _check_sums(pi, v, a, b, names, goods)
    if wrong:
        raise DataError(wrong)
    return _balanced(names, goods, pi, t, v, a, b, VA, D)


def _label(name: str, at: tuple[int, ...], names: tuple[str, ...], goods: tuple[str, ...]) -> str:
    axes = {
        "trade_share": (goods, names, names),
        "tariff": (goods, names, names),
        "value_added_share": (goods, names),
        "final_share": (goods, names),
        "input_share": (names, goods, goods),
    }.get(name, (names,))
    return f"{name}[{', '.join(labels[k] for labels, k in zip(axes, at, strict=True))}]"


def _check_values(
    given: dict[str, tuple[Array, tuple[int, ...]]], names: tuple[str, ...], goods: tuple[str, ...]
) -> None:
    wrong = []
    for name, (array, _) in given.items():
        floor = {"deficit": -np.inf, "tariff": -1.0, "input_share": -_SLIGHTLY_NEGATIVE}.get(name, 0.0)
        low = array <= floor if name == "tariff" else array < floor
        bad = ~np.isfinite(array) | low
        if bad.any():
            at = tuple(int(k) for k in np.argwhere(bad)[0])
            bound = "" if np.isinf(floor) else f" and {'above' if name == 'tariff' else 'at least'} {floor:g}"
            wrong.append(
                f"{_label(name, at, names, goods)}: {array[at]} is not allowed (must be finite{bound}); "
                f"{int(bad.sum())} such cells"
            )
    if wrong:
        raise DataError(wrong)


def _check_sums(
    pi: Array, v: Array, a: Array, b: Array, names: tuple[str, ...], goods: tuple[str, ...]
) -> list[str]:
    """Shares that do not add up; a sum of zero is a good that nobody uses or makes, and allowed."""
    wrong = []
    for label, total, goal in (
        ("trade_share", pi.sum(axis=1), 1.0),
        ("input_share", a.sum(axis=1).T, 1.0 - v),
        ("final_share", b.sum(axis=0)[None], 1.0),
    ):
        off = np.abs(total - goal)
        off = np.where(np.abs(total) == 0.0, 0.0, off)
        if off.max() > _ADDING_UP:
            s, n = (int(k) for k in np.unravel_index(off.argmax(), off.shape))
            where = names[n] if label == "final_share" else f"{goods[s]}, {names[n]}"
            expected = float(np.broadcast_to(goal, total.shape)[s, n])
            wrong.append(f"{label} of {where}: sums to {total[s, n]:.8g}, expected {expected:.8g}")
    return wrong


def _balanced(
    names: tuple[str, ...],
    goods: tuple[str, ...],
    pi: Array,
    t: Array,
    v: Array,
    a: Array,
    b: Array,
    VA: Array,
    D: Array,
) -> Economy:
    """Rescale the shares, then find the output and the deficits that make given value added and shares one economy.

    Final demand is what the accounts leave: E = VA + R + D. Given E, sales solve Y = sold (b E + a Y) by iteration, and
    value added follows; E is then moved until it does. The data pin value added only up to their own rounding, so
    what is kept is E, the shares and the tariffs, and the shift of value added is reported.
    """
    used = pi.sum(axis=1)
    pi = np.divide(pi, used[:, None, :], out=np.zeros_like(pi), where=used[:, None, :] > 0)
    made = a.sum(axis=1).T
    v = np.where(made + v > 0, 1.0 - made, v)
    b = b / np.maximum(b.sum(axis=0), 1e-300)
    sold = pi / (1.0 + t)
    net = sold.sum(axis=1)

    R0 = np.zeros(len(VA))
    X = b * (VA + D)
    for _ in range(2000):
        Y = np.einsum("sin,sn->si", sold, X)
        R0 = (X * (1.0 - net)).sum(axis=0)
        new = b * (VA + R0 + D) + np.einsum("nks,sn->kn", a, Y)
        moved = np.abs(new - X).max() / new.max()
        X = new
        if moved < _SETTLE:
            break
    Y = np.einsum("sin,sn->si", sold, X)
    made_va = (v * Y).sum(axis=0)
    E = VA + R0 + D
    shift = float(np.abs(made_va - VA).sum() / VA.sum())
    deficit = E - made_va - R0
    return Economy(
        countries=names,
        sectors=goods,
        trade_share=pi,
        tariff=t,
        value_added_share=np.ascontiguousarray(v.T),
        input_share=np.divide(
            a, a.sum(axis=1, keepdims=True), out=np.zeros_like(a), where=a.sum(axis=1, keepdims=True) > 0
        ),
        final_share=np.ascontiguousarray(b.T),
        value_added=np.ascontiguousarray((v * Y).T),
        output=np.ascontiguousarray(Y.T),
        spending=X,
        deficit=deficit,
        shift=shift,
    )
