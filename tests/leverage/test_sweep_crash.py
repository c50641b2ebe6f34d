"""What a sweep promises about kills, lost workers and memory, in real processes."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from tertius.leverage.sweep import sweep

GRID = {
    "as_of": "2026-01-13",
    "targets": ["CUB"],
    "senders": ["USA"],
    "coalitions": [{"subsets_of": ["CHN", "ESP", "RUS"]}],
    "measures": ["embargo all both", "embargo goods imports"],
}
SCENARIOS = 14
ONE_THREAD = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def results(folder):
    """Every column but the wall time, in the order of the table."""
    query = f"SELECT * EXCLUDE (seconds) FROM read_parquet('{Path(folder) / 'sweep.parquet'}')"
    with duckdb.connect() as database:
        return database.execute(query).fetchall()


def chunks(folder):
    return {f.name: f.stat().st_mtime_ns for f in (Path(folder) / "chunks").glob("*.parquet")}


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("uninterrupted")
    sweep(GRID, folder, processes=1, chunk=1)
    found = results(folder)
    assert len(found) == SCENARIOS
    return found


def command(file, out):
    return [
        sys.executable,
        "-m",
        "tertius.cli",
        "sweep",
        str(file),
        "-o",
        str(out),
        "-p",
        "2",
        "--chunk",
        "1",
    ]


def test_a_sweep_killed_outright_goes_on_where_it_was(tmp_path, uninterrupted):
    file, out = tmp_path / "grid.yaml", tmp_path / "out"
    file.write_text(json.dumps(GRID) + "\n")
    with subprocess.Popen(command(file, out), env=ONE_THREAD, stderr=subprocess.PIPE) as running:
        deadline = time.monotonic() + 120
        while len(chunks(out)) < 2 and time.monotonic() < deadline and running.poll() is None:
            time.sleep(0.005)
        running.send_signal(signal.SIGKILL)
        running.communicate()
    assert running.returncode == -signal.SIGKILL
    finished = chunks(out)
    assert 2 <= len(finished) < SCENARIOS
    assert not (out / "sweep.parquet").exists()

    resumed = sweep(GRID, out, processes=1, chunk=1)
    assert (resumed.tally.added, resumed.tally.resumed) == (SCENARIOS - len(finished), len(finished))
    assert {name: at for name, at in chunks(out).items() if name in finished} == finished
    assert len(chunks(out)) == SCENARIOS
    assert results(out) == uninterrupted
    assert [f.name for f in (out / "chunks").glob(".*")] == []


def listening():
    """A shell's background job starts with Ctrl-C ignored, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_keeps_finished_chunks_and_says_so(tmp_path):
    file, out = tmp_path / "grid.yaml", tmp_path / "out"
    long = GRID | {"draws": 31}  # far more than can be done before the first chunk is seen
    file.write_text(json.dumps(long) + "\n")
    with subprocess.Popen(
        command(file, out),
        env=ONE_THREAD,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=listening,  # noqa: PLW1509  this process starts no threads of its own
    ) as running:
        deadline = time.monotonic() + 120
        while not chunks(out) and time.monotonic() < deadline and running.poll() is None:
            time.sleep(0.005)
        os.killpg(running.pid, signal.SIGINT)  # what a terminal does: parent and workers alike
        _, told = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "cancelled; finished chunks are kept" in told
    assert "Traceback" not in told, told
    assert 1 <= len(chunks(out)) < 31 * SCENARIOS


# The high-water mark of /proc starts anew with the program; that of getrusage would be the test runner's own.
MEASURE = """
import json, multiprocessing, re, sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tertius.leverage.sweep import sweep

status = Path("/proc/self/status")
with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
    done = sweep(json.loads(sys.argv[1]), sys.argv[2], executor=pool)
    texts = {"planner": status.read_text(), "worker": pool.submit(status.read_text).result()}
peak = {name: 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", text)[1]) for name, text in texts.items()}
print(json.dumps({"peak": peak, "stated": {"planner": done.memory.planner, "worker": done.memory.worker}}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_memory_stays_below_what_was_stated_and_the_statement_is_not_idle(tmp_path):
    grid = GRID | {"coalitions": ["all"], "measures": ["embargo all both"], "horizons": ["year"], "draws": 31}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, json.dumps(grid), str(tmp_path / "out")],
        env=ONE_THREAD, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    for who in ("planner", "worker"):
        peak, stated = found["peak"][who], found["stated"][who]
        assert stated / 3 < peak < stated, f"{who}: peak {peak / 1e6:.0f} MB, stated {stated / 1e6:.0f} MB"


# -- a cluster ---------------------------------------------------------------------------------------------


def start(dask, *arguments):
    return subprocess.Popen(
        [dask, *arguments], env=ONE_THREAD, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.fixture
def dask_cluster(tmp_path):
    """A scheduler and two workers on loopback; yields the address and the worker processes."""
    pytest.importorskip("distributed", reason="the optional package distributed is not installed")
    dask = shutil.which("dask", path=str(Path(sys.executable).parent)) or shutil.which("dask")
    if dask is None:
        pytest.skip("the dask command is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    quiet = ("--no-dashboard",)
    scheduler = start(dask, "scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], *quiet)
    options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path / "dask"), *quiet)
    workers = [start(dask, "worker", address, "--host", "127.0.0.1", *options) for _ in range(2)]
    try:
        _await_workers(address)
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def _await_workers(address):
    from distributed import Client

    deadline = time.monotonic() + 30
    while True:
        try:
            with Client(address, timeout=2, set_as_default=False) as client:
                client.wait_for_workers(2, timeout=30)
                return
        except OSError:
            if time.monotonic() > deadline:
                raise


def test_a_cluster_that_loses_a_worker_gives_the_same_results(tmp_path, dask_cluster, uninterrupted):
    address, workers = dask_cluster
    killed = []

    def kill_one(done, total, note):
        if done and not killed:
            killed.append(done)
            workers[0].kill()

    out = tmp_path / "out"
    done = sweep(GRID, out, cluster=address, chunk=1, progress=kill_one)
    assert killed
    assert killed[0] < SCENARIOS
    assert workers[0].wait(timeout=5) == -signal.SIGKILL
    assert done.tally.added == SCENARIOS
    assert results(out) == uninterrupted


def test_an_address_where_nobody_answers_is_an_error(tmp_path):
    pytest.importorskip("distributed", reason="the optional package distributed is not installed")
    from tertius.engine import sweep as runner
    from tertius.errors import TertiusError

    with (
        pytest.raises(TertiusError, match="no Dask scheduler answers"),
        runner.dask_cluster("tcp://127.0.0.1:9", timeout=0.5),
    ):
        pass
