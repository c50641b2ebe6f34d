import json
import subprocess
import sys

import pytest

import tertius
from tertius import cli
from tertius.errors import InputError, TertiusError


def run(capsys, *arguments):
    code = cli.run(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_version_and_help(capsys):
    assert run(capsys, "--version")[:2] == (0, f"tertius {tertius.__version__}\n")
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert all(name in out for name in cli.COMMANDS)


def test_help_imports_no_heavy_library():
    code = (
        "import sys; from tertius import cli; cli.run(['--help']);"
        "heavy = {'numpy', 'scipy', 'pandas', 'pydantic', 'duckdb', 'matplotlib', 'spacy', 'rich'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_an_unknown_command_suggests_and_exits_with_2(capsys):
    code, _, err = run(capsys, "scenaro")
    assert code == 2
    assert "Did you mean 'scenario'?" in err


def test_wrong_input_lists_every_problem_on_stderr_and_exits_with_2(capsys, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(
        "target: IRN\nsenders: IRN\nas_of: 2026-01-13\nmeasures:\n  - tariff 20%\n  - tariff 30%\n"
    )
    code, out, err = run(capsys, "scenario", "check", str(path))
    assert code == 2
    assert out == ""
    assert "bad.yaml:2: senders: IRN is sender and target at once" in err
    assert "bad.yaml:6: measures[1]: tariff on the same trade" in err


@pytest.mark.parametrize(
    ("error", "code"),
    [(InputError(["one [bold]", "two"]), 2), (TertiusError("no answer"), 1), (KeyboardInterrupt(), 130)],
)
def test_errors_become_exit_codes_without_a_traceback(capsys, monkeypatch, error, code):
    def fail(_name):
        raise error

    monkeypatch.setattr(cli, "load_command", fail)
    found, _, err = run(capsys, "assess")
    assert found == code
    assert "Traceback" not in err
    assert all(problem in err for problem in getattr(error, "problems", ()))


def test_a_missing_package_names_the_extra_that_has_it(monkeypatch):
    def absent(_name):
        raise ModuleNotFoundError("No module named 'spacy'", name="spacy")

    monkeypatch.setattr(cli.importlib, "import_module", absent)
    with pytest.raises(TertiusError, match=r"tertius\[news\]"):
        cli.load_command("read")


def test_scenario_list_show_and_schema(capsys):
    code, out, _ = run(capsys, "scenario", "list", "--json")
    assert code == 0
    assert len(json.loads(out)) >= 12
    code, out, _ = run(capsys, "scenario", "show", "iran_after_voiding")
    assert code == 0
    assert "threat, void, does not act" in out
    code, out, _ = run(capsys, "scenario", "schema")
    assert json.loads(out)["properties"]["target"]


def test_an_unknown_scenario_suggests(capsys):
    code, _, err = run(capsys, "scenario", "show", "iran_oil_embarg")
    assert code == 2
    assert 'Did you mean "iran_oil_embargo"' in err
