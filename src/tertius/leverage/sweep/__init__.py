"""Sweeps: thousands to millions of scenarios from one grid, resumable, on any number of processes."""

from tertius.leverage.sweep.document import Grid, schema
from tertius.leverage.sweep.read import read_grid
from tertius.leverage.sweep.run import Sweep, sweep

__all__ = ["Grid", "Sweep", "read_grid", "schema", "sweep"]
