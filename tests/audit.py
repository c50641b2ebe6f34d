"""Check the repository against its own rules (`make audit`): prints a table, exits with 1 if a rule is broken.

Each check is a function that yields what is wrong, one sentence each, and nothing when all is well.
"""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "src" / "tertius"
INVENTORY = ROOT.parent / "shared" / "claims"
COVERAGE = ROOT / "docs" / "coverage.md"

_MACHINE = re.compile(r"(?<![\w.~/:-])/(?:work|root|tmp|Users|var/folders|home/\w+)/\w")
_REGISTRY = re.compile(
    r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|conda\.anaconda\.org)"
)
_FIELDS = ("title", "vintage", "licence", "url", "citation", "used_for", "changes")
_UNSHIPPED = ("loader only", "not shipped", "planned")

#: Data file of the package (glob) -> sources it is derived from; "own" is written by hand for this package.
SHIPPED: dict[str, tuple[str, ...]] = {
    "world/data/world_2023.npz": (
        "cepii_baci", "unctad_mtm", "oecd_icio", "teti_gtd", "unsd_ama", "world_bank", "cia_factbook", "brent_daily",
        "cepii_dist",
    ),
    "world/data/world_2015.npz": (
        "cepii_baci", "unctad_mtm", "oecd_icio", "teti_gtd", "unsd_ama", "world_bank", "cia_factbook", "brent_daily",
        "cepii_dist",
    ),
    "world/data/energy.npz": ("cepii_baci", "cia_factbook", "brent_daily"),
    "data/countries.csv": ("country_codes", "cepii_geo"),
    "data/groups.yaml": ("own",),
    "world/data/*.yaml": ("own",),
    "ledger/data/*.yaml": ("own",),
    "ledger/data/claims/*.yaml": ("own",),
    "ledger/data/priors/*.yaml": ("own",),
    "ledger/lexicon/*.yaml": ("own",),
    "ledger/bulk/codes.yaml": ("own",),
    "scenario/library/*.yaml": ("own",),
    "strategy/**/*.yaml": ("own",),
    "report/validation/facts.yaml": ("own",),
    "report/validation/iran_2005.csv": ("unctad_mtm",),
}  # fmt: skip
_CODE = {".py", ".j2", ".css", ".js", ".typed", ".toml"}

Check = Callable[[], Iterator[str]]


# -- the repository ------------------------------------------------------------------------------------


@cache
def tracked() -> tuple[str, ...]:
    """Paths git knows, relative to the repository."""
    out = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(out.stdout.splitlines())


@cache
def texts() -> dict[str, str]:
    """Every tracked file that is text."""
    found = {}
    for name in tracked():
        raw = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in raw[:4096]:
            found[name] = raw.decode("utf-8")
    return found


def _lines(pattern: re.Pattern[str]) -> Iterator[str]:
    for name, text in texts().items():
        for number, line in enumerate(text.splitlines(), 1):
            if found := pattern.search(line):
                yield f"{name}:{number}: {found.group()}"


def no_paths_of_a_machine() -> Iterator[str]:
    """No tracked file names a folder of somebody's machine."""
    yield from _lines(_MACHINE)


def no_registry_hosts() -> Iterator[str]:
    """No tracked file names the host of a package registry."""
    yield from _lines(_REGISTRY)


def lock_file_stays_out() -> Iterator[str]:
    """uv.lock names hosts: git ignores it, and a date pins the resolution instead."""
    if "uv.lock" in tracked():
        yield "uv.lock is tracked"
    if "uv.lock" not in (ROOT / ".gitignore").read_text(encoding="utf-8").split():
        yield ".gitignore does not name uv.lock"
    if (
        "exclude-newer"
        not in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]
    ):
        yield "pyproject.toml: [tool.uv] has no exclude-newer"


def one_version() -> Iterator[str]:
    """Package, changelog and citation file name the same version."""
    version = importlib.metadata.version("tertius")
    for name, pattern in (
        ("src/tertius/__init__.py", r'__version__ = "(.+?)"'),
        ("CHANGELOG.md", r"(?m)^## (\d\S*)"),
        ("CITATION.cff", r"(?m)^version: (\S+)"),
    ):
        found = re.search(pattern, (ROOT / name).read_text(encoding="utf-8"))
        if found is None or found[1] != version:
            yield f"{name}: version {found[1] if found else 'missing'}, the package is {version}"


def library_does_not_print() -> Iterator[str]:
    """The library neither prints nor sets logging up; the command line goes through typer and rich."""
    for path in LIBRARY.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "logging.basicConfig"}:
                yield f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node.func)}"


# -- data and licences ---------------------------------------------------------------------------------


@cache
def sources() -> dict[str, dict[str, str]]:
    """Entries of sources.toml."""
    return tomllib.loads((LIBRARY / "sources.toml").read_text(encoding="utf-8"))


def sources_are_complete() -> Iterator[str]:
    """Every source has licence, vintage, citation and changes, and every source a result can name is listed."""
    for key, entry in sources().items():
        if missing := [name for name in _FIELDS if not str(entry.get(name, "")).strip()]:
            yield f"sources.toml: {key} has no {', '.join(missing)}"
    known = {*sources(), "world"}
    for name, text in texts().items():
        if name.startswith("src/") and name.endswith(".py"):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found = re.fullmatch(r"source:([a-z0-9_]+)", node.value)
                    if found and found[1] not in known:
                        yield f"{name}:{node.lineno}: source {found[1]} is not in sources.toml"


def data_files_are_accounted_for() -> Iterator[str]:
    """Every shipped data file has its sources; every source is shipped somewhere or says that it is not."""
    named: set[str] = set()
    files = {
        str(p.relative_to(LIBRARY))
        for p in LIBRARY.rglob("*")
        if p.is_file() and p.suffix not in _CODE | {".pyc"}
    }
    for pattern, behind in SHIPPED.items():
        files -= {str(p.relative_to(LIBRARY)) for p in LIBRARY.glob(pattern)}
        named |= set(behind)
        yield from (
            f"{pattern}: {key} is not in sources.toml" for key in behind if key not in {*sources(), "own"}
        )
    yield from (f"{name}: no source known (add it to SHIPPED in tests/audit.py)" for name in sorted(files))
    for key in sources().keys() - named:
        if not any(word in sources()[key]["used_for"] for word in _UNSHIPPED):
            yield f"sources.toml: {key} is in no shipped file, yet used_for does not say so"


def licences_are_compatible() -> Iterator[str]:
    """No runtime dependency, extras included, is under the GPL only; none hides its licence."""
    for name, licence in sorted(_licences().items()):
        if not licence:
            yield f"{name}: no licence in its metadata"
        choices = re.split(r"\s+OR\s+", licence)
        if all(re.search(r"(?<!Lesser )General Public|(?<!L)GPL|Affero", choice) for choice in choices):
            yield f"{name}: {licence}"


@cache
def _licences() -> dict[str, str]:
    """Installed runtime dependencies, down the tree, with their licences."""
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    roots = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    found: dict[str, str] = {}
    waiting = [(need.name, tuple(need.extras)) for need in map(Requirement, roots)]
    while waiting:
        name, wanted = waiting.pop()
        try:
            package = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # an extra that is not installed here
        if package.name in found:
            continue
        found[package.name] = _licence(package)
        for line in package.requires or []:
            need = Requirement(line)
            if need.marker is None or any(need.marker.evaluate({"extra": e}) for e in ("", *wanted)):
                waiting.append((need.name, tuple(need.extras)))
    return found


def _licence(package: importlib.metadata.Distribution) -> str:
    """Licence expression, else classifiers, else the first line of the licence field."""
    data = package.metadata
    classes = [
        c.split(" :: ")[-1]
        for c in data.get_all("Classifier") or []
        if c.count(" :: ") > 1 and "License" in c
    ]
    expression, field = ((data.get_all(name) or [""])[0] for name in ("License-Expression", "License"))
    return expression or ", ".join(classes) or field.strip().split("\n")[0]


def priors_have_reasons() -> Iterator[str]:
    """Every judgement has a unit, an interval that holds its centre, and a reason of more than a word or two."""
    from ruamel.yaml import YAML

    for path in sorted((LIBRARY / "ledger" / "data" / "priors").glob("*.yaml")):
        for key, row in YAML(typ="safe").load(path)["priors"].items():
            if len(str(row.get("reason", "")).split()) < 4:
                yield f"{path.name}: {key} has no reason"
            if not row.get("unit"):
                yield f"{path.name}: {key} has no unit"
            if not row["low"] <= row["central"] <= row["high"]:
                yield f"{path.name}: {key} is not low <= central <= high"


# -- what the articles ask -----------------------------------------------------------------------------


def coverage_names_real_objects() -> Iterator[str]:
    """Every object on docs/coverage.md can be imported, and a state says no more than its object shows."""
    for key, state, where in _coverage():
        if state not in {"computed", "partly", "recorded", "later"}:
            yield f"coverage.md: {key}: state {state}"
        if (state in {"computed", "partly"}) != bool(where):
            yield f"coverage.md: {key} is {state} and names {where or 'no object'}"
        if where and not _there(where):
            yield f"coverage.md: {key}: there is no {where}"


def coverage_is_complete() -> Iterator[str]:
    """C1 to C25 and every M and P of the inventory are on docs/coverage.md, once."""
    listed = [key for key, _, _ in _coverage()]
    wanted = {f"C{n}" for n in range(1, 26)} | {key for key in _inventory() if key[0] in "MP"}
    yield from (f"coverage.md: {key} is missing" for key in sorted(wanted - set(listed)))
    yield from (
        f"coverage.md: {key} stands {listed.count(key)} times" for key in set(listed) if listed.count(key) > 1
    )


def inventory_is_recorded() -> Iterator[str]:
    """Every A, M, P and Q of the inventory is carried by a curated claim."""
    from tertius.ledger import load_curated

    carried = {key for claim in load_curated() for key in claim.inventory}
    yield from (f"no claim carries {key}" for key in sorted(_inventory() - carried))


def claims_name_real_modules() -> Iterator[str]:
    """What a claim says computes it can be imported."""
    from tertius.ledger import load_curated

    for name in sorted({claim.computed_by for claim in load_curated() if claim.computed_by}):
        if not _there(name):
            yield f"computed_by: there is no {name}"


@cache
def _inventory() -> frozenset[str]:
    """Ids of the inventory; empty where its folder is not beside the checkout."""
    text = "".join(p.read_text(encoding="utf-8") for p in sorted(INVENTORY.glob("*.md")))
    return frozenset(re.findall(r"(?m)^\| ([AMPQ]\d+) \|", text))


@cache
def _coverage() -> tuple[tuple[str, str, str], ...]:
    """(id, state, object) of every row."""
    rows = re.findall(r"(?m)^\| ([CMP]\d+) \|(.*)\|$", COVERAGE.read_text(encoding="utf-8"))
    cells = [(key, [cell.strip() for cell in rest.split("|")]) for key, rest in rows]
    return tuple((key, cell[1], cell[2].strip("`")) for key, cell in cells)


def _there(name: str) -> bool:
    """Whether a dotted name is a module or something in one."""
    parts = name.split(".")
    for depth in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:depth]))
        except ModuleNotFoundError:
            continue
        for part in parts[depth:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


CHECKS: tuple[Check, ...] = (
    no_paths_of_a_machine,
    no_registry_hosts,
    lock_file_stays_out,
    one_version,
    library_does_not_print,
    sources_are_complete,
    data_files_are_accounted_for,
    licences_are_compatible,
    priors_have_reasons,
    coverage_names_real_objects,
    coverage_is_complete,
    claims_name_real_modules,
)
_WITH_INVENTORY: tuple[Check, ...] = (inventory_is_recorded,)


def main() -> int:
    """Run every check, print the table, and return 1 if one found something."""
    broken = 0
    for check in CHECKS + _WITH_INVENTORY:
        rule = (check.__doc__ or "").strip()
        if check in _WITH_INVENTORY and not _inventory():
            print(f"left out  {rule} (needs ../shared/claims beside the repository)")
            continue
        problems = list(check())
        broken += bool(problems)
        print(f"{'BROKEN' if problems else 'ok':8}  {rule}")
        for problem in problems:
            print(f"            {problem}")
    copyleft = [
        f"{name} ({licence})"
        for name, licence in sorted(_licences().items())
        if "LGPL" in licence or "MPL" in licence or "Lesser" in licence
    ]
    print(
        f"\n{len(_licences())} packages at run time; weak copyleft, used unmodified: {', '.join(copyleft) or 'none'}"
    )
    print(f"{len(CHECKS + _WITH_INVENTORY)} rules, {broken} broken")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
