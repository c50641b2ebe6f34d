"""Who does what to whom, when: measures, scenarios, the one-line grammar and the library.

The names below load on first use, so that `tertius.scenario.wedge` alone costs nothing.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "Scenario": "document",
    "read_scenario": "read",
    "parse_measure": "grammar",
    "MEASURES": "measures",
    "Measure": "measures",
    "Scope": "scope",
    "Wedges": "wedge",
    "combine": "wedge",
    "expand": "measures",
    "library": "catalogue",
    "load": "catalogue",
    "rebase": "base_year",
    "retaliate": "retaliation",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"tertius.scenario.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
