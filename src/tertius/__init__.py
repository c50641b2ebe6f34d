"""Tertius measures how much leverage a sanction has left once third parties respond.

The public names below load on first use, so importing the package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Assessment": "tertius.leverage.assessment",
    "assess": "tertius.leverage.assess",
    "World": "tertius.world",
    "load_world": "tertius.world",
    "Claim": "tertius.ledger",
    "claims": "tertius.ledger",
    "Scenario": "tertius.scenario",
    "read_scenario": "tertius.scenario",
    "Economy": "tertius.engine",
    "Shock": "tertius.engine",
    "solve": "tertius.engine",
    "sweep": "tertius.leverage.sweep",
    "solve_many": "tertius.engine",
    "TertiusError": "tertius.errors",
}

__all__ = ["__version__", *_HOME]  # noqa: PLE0604  the names are strings by construction


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
