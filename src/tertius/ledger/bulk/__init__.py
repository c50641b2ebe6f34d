"""Bulk event data: GDELT, ICEWS, POLECAT and PLOVER-coded files into monthly dyad series."""

from __future__ import annotations

from tertius.ledger.bulk.batch import BatchReport, EventBatch, read_events
from tertius.ledger.bulk.recognise import Release, recognise
from tertius.ledger.bulk.series import DyadSeries

__all__ = ["BatchReport", "DyadSeries", "EventBatch", "Release", "read_events", "recognise"]
