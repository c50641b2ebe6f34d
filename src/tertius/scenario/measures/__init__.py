"""The eleven kinds of measure, each a typed model that compiles to wedges."""

from __future__ import annotations

from typing import Annotated, Union

from pydantic import Field

from tertius.scenario.measures.base import Measure, expand
from tertius.scenario.measures.embargo import Embargo, ExportControl
from tertius.scenario.measures.finance import FinancialSanction
from tertius.scenario.measures.listing import EntityListing
from tertius.scenario.measures.rents import Discount, PriceCap
from tertius.scenario.measures.support import Aid, Credit, SupplyPact
from tertius.scenario.measures.tariffs import SecondaryTariff, Tariff

#: Type word -> model.
MEASURES: dict[str, type[Measure]] = {
    "embargo": Embargo,
    "tariff": Tariff,
    "secondary_tariff": SecondaryTariff,
    "financial_sanction": FinancialSanction,
    "entity_listing": EntityListing,
    "export_control": ExportControl,
    "price_cap": PriceCap,
    "discount": Discount,
    "aid": Aid,
    "credit": Credit,
    "supply_pact": SupplyPact,
}

AnyMeasure = Annotated[
    Union[  # noqa: UP007  a runtime union of eleven reads better spelled out
        Embargo, Tariff, SecondaryTariff, FinancialSanction, EntityListing, ExportControl, PriceCap, Discount,
        Aid, Credit, SupplyPact,
    ],
    Field(discriminator="type"),
]  # fmt: skip

__all__ = ["MEASURES", "Aid", "AnyMeasure", "Credit", "Discount", "Embargo", "EntityListing", "ExportControl",
           "FinancialSanction", "Measure", "PriceCap", "SecondaryTariff", "SupplyPact", "Tariff",
           "expand"]  # fmt: skip
