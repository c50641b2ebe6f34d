"""Published cases, where this checkout has the shared folder beside it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared():
    """Return a function from a path below the shared folder to the file; the test skips where it is absent."""

    def find(path):
        found = TESTS.parents[1] / "shared" / path
        if not found.exists():
            pytest.skip(f"needs ../shared/{path} beside the repository")
        return found

    return find


@pytest.fixture(scope="session")
def fgh():
    """The benchmark script with the case of Felbermayr, Groeschl and Heiland (2022)."""
    spec = importlib.util.spec_from_file_location("fgh", TESTS / "bench" / "fgh.py")
    module = sys.modules["fgh"] = importlib.util.module_from_spec(spec)  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
