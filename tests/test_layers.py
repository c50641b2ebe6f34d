"""A module imports only from folders to its left; world and ledger do not know each other."""

import ast
from pathlib import Path

import pytest

import tertius

ROOT = Path(tertius.__file__).parent

#: Folder -> folders it may import from, itself apart.
_ORDER = [
    ("world", "ledger"),
    ("scenario",),
    ("engine",),
    ("leverage",),
    ("strategy",),
    ("report",),
    ("cli", "web"),
]
_FREE = {"errors", "countries", "workers"}
ALLOWED = {
    folder: _FREE | {left for layer in _ORDER[:depth] for left in layer}
    for depth, layer in enumerate(_ORDER)
    for folder in layer
} | {"errors": set(), "countries": {"errors"}, "workers": set()}


def folder_of(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(source, package):
    """Yield the folders of tertius that a source text imports, wherever in the text it does so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1] if node.level else ())
            home = ".".join(part for part in (base, node.module or "") if part)
            names = [home] if home != "tertius" else [f"tertius.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "tertius" and len(parts) > 1:
                # `from tertius import assess` reaches the module behind the lazy name
                home = tertius._HOME.get(parts[1], name).split(".")
                yield home[1] if home[1:] else parts[1]


def trespasses(source, folder, package):
    return sorted(set(imported(source, package)) - ALLOWED[folder] - {folder, "__version__"})


MODULES = sorted(p for p in ROOT.rglob("*.py") if p != ROOT / "__init__.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_from_folders_to_its_left(path):
    package = ("tertius", *path.relative_to(ROOT).parts[:-1])
    assert trespasses(path.read_text(encoding="utf-8"), folder_of(path), package) == []


@pytest.mark.parametrize(
    ("folder", "source"),
    [
        ("world", "from tertius.ledger import Claim"),
        ("ledger", "import tertius.world.model"),
        ("scenario", "def f():\n    from tertius.engine import solve"),
        ("engine", "from tertius import assess"),
        ("engine", "from ..leverage import curve"),
        ("leverage", "from tertius import cli"),
        ("countries", "from tertius.world import World"),
    ],
)
def test_the_rule_catches_a_trespass(folder, source):
    assert trespasses(source, folder, ("tertius", folder)) != []


def test_the_rule_lets_through_what_is_allowed():
    assert (
        trespasses("from tertius import World, errors\nimport numpy", "engine", ("tertius", "engine")) == []
    )
