"""From text to claims: a deterministic extractor by lexicon and grammar, and the seam for others."""

from __future__ import annotations

from tertius.ledger.extract.protocol import Article, Extractor, checked
from tertius.ledger.extract.rules import RuleExtractor

__all__ = ["Article", "Extractor", "RuleExtractor", "checked"]
