"""What the world is: economies, sectors, who sells what to whom, and how well that is known."""

from tertius.world.model import QUALITY, SECTORS, World
from tertius.world.snapshot import load_world

__all__ = ["QUALITY", "SECTORS", "World", "load_world"]
