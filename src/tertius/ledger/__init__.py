"""What is claimed about who keeps whom alive: records, store, curated claims, links and readings."""

from __future__ import annotations

from tertius.ledger.curated import claims, load_curated
from tertius.ledger.record import Claim

__all__ = ["Claim", "claims", "load_curated"]
