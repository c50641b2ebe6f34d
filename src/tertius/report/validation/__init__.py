"""The world and the engine held against published figures that reach them by another path."""

from tertius.report.validation.record import Expected, Found, Record
from tertius.report.validation.suite import Validation, validate

__all__ = ["Expected", "Found", "Record", "Validation", "validate"]
