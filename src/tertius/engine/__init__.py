"""What follows: the equilibrium after a shock, solved exactly and many at a time."""

from tertius.engine.batch import solve, solve_iter, solve_many
from tertius.engine.economy import Economy
from tertius.engine.elasticities import Elasticities
from tertius.engine.problem import Rules
from tertius.engine.result import Result
from tertius.engine.shock import Shock

__all__ = ["Economy", "Elasticities", "Result", "Rules", "Shock", "solve", "solve_iter", "solve_many"]
