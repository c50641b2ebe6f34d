"""What is claimed about who keeps whom alive: records, store, curated claims, links and readings."""

from __future__ import annotations

from tertius.ledger.conflict import conflicts
from tertius.ledger.curated import claims, load_curated
from tertius.ledger.intervals import Reading, latest, reading, readings
from tertius.ledger.link import funnel
from tertius.ledger.priors import load_priors
from tertius.ledger.record import Claim

__all__ = [
    "Claim",
    "Reading",
    "claims",
    "conflicts",
    "funnel",
    "latest",
    "load_curated",
    "load_priors",
    "reading",
    "readings",
]
