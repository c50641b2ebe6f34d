"""The job runner: whole results only, nothing twice, whatever the executor."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import pytest

from tertius.engine.sweep import run_jobs
from tertius.errors import TertiusError
from tertius.workers import Inline, duration, worker_processes


@dataclass(frozen=True)
class Job:
    name: str
    size: int = 10

    def payload(self):
        return self.name


class Memory(dict):
    def has(self, name):
        return name in self

    def put(self, name, result):
        assert name not in self, "written twice"
        self[name] = result


JOBS = [Job(f"job-{k}") for k in range(6)]


def test_every_job_is_run_once_and_in_order():
    store = Memory()
    tally = run_jobs(JOBS, str.upper, store, Inline(), in_flight=1)
    assert list(store) == [job.name for job in JOBS]
    assert set(store.values()) == {job.name.upper() for job in JOBS}
    assert (tally.total, tally.resumed, tally.added, tally.missing) == (60, 0, 60, 0)


def test_finished_jobs_are_not_run_again():
    store = Memory({"job-0": "kept", "job-4": "kept"})
    seen = []
    tally = run_jobs(JOBS, seen.append, store, Inline(), in_flight=2)
    assert seen == ["job-1", "job-2", "job-3", "job-5"]
    assert store["job-0"] == "kept"
    assert (tally.resumed, tally.added) == (20, 40)


def test_a_failing_job_loses_none_of_the_finished_ones():
    def work(name):
        if name == "job-3":
            raise ValueError(name)
        return name

    store = Memory()
    with ThreadPoolExecutor(3) as executor, pytest.raises(ValueError, match="job-3"):
        run_jobs(JOBS, work, store, executor, in_flight=6)
    assert {"job-0", "job-1", "job-2"} <= set(store)
    assert "job-3" not in store


def test_no_more_jobs_are_handed_out_than_allowed():
    running, most, lock = [], [0], Lock()

    def work(name):
        with lock:
            running.append(name)
            most[0] = max(most[0], len(running))
        time.sleep(0.02)
        with lock:
            running.remove(name)

    with ThreadPoolExecutor(6) as executor:
        run_jobs(JOBS, work, Memory(), executor, in_flight=2)
    assert most[0] == 2


def test_cancel_keeps_what_is_finished():
    store = Memory()
    tally = run_jobs(JOBS, str, store, Inline(), in_flight=1, cancel=lambda: len(store) >= 2)
    assert tally.cancelled
    assert len(store) == 2
    assert tally.missing == 40


def test_progress_counts_units_and_says_the_time_left():
    said = []
    store = Memory({"job-0": "kept"})
    run_jobs(JOBS, str, store, Inline(), in_flight=1, progress=lambda *x: said.append(x))
    assert [done for done, _, _ in said] == [10, 20, 30, 40, 50, 60]
    assert {total for _, total, _ in said} == {60}
    assert said[0][2] == "10 found finished"
    assert said[-1][2].endswith("/s, 0 s left")


def test_workers_that_die_are_an_error_that_says_how_to_go_on():
    class Dying(Inline):
        def submit(self, fn, /, *args, **kwargs):
            future = super().submit(fn, *args, **kwargs)
            if args == ("job-2",):
                broken = type(future)()
                broken.set_exception(BrokenProcessPool("a process was terminated abruptly"))
                return broken
            return future

    store = Memory()
    with pytest.raises(TertiusError, match=r"20 of 60 are finished and kept, run the same again"):
        run_jobs(JOBS, str, store, Dying(), in_flight=1)
    assert list(store) == ["job-0", "job-1"]


def test_processes_give_what_one_process_gives():
    store = Memory()
    with worker_processes(2) as executor:
        run_jobs(JOBS, str.title, store, executor, in_flight=4)
    assert {job.name: job.name.title() for job in JOBS} == store


def test_leaving_the_pool_stops_what_is_running():
    start = time.monotonic()
    with worker_processes(2) as executor:
        jobs = [executor.submit(time.sleep, 60) for _ in range(3)]
    assert time.monotonic() - start < 30
    assert all(isinstance(job.exception(), BrokenProcessPool) for job in jobs)


def test_workers_do_not_outlive_a_parent_that_is_killed_outright():
    code = (
        "import os, sys, time\n"
        "from tertius.workers import worker_processes\n"
        "with worker_processes(2) as pool:\n"
        "    print(pool.submit(os.getpid).result(), flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        worker = int(parent.stdout.readline())
        os.kill(worker, 0)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 10
    while _alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(worker)


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0, "0 s"), (41.6, "42 s"), (119.0, "2 min"), (6300.0, "1.8 h"), (3 * 86400.0, "3 days")],
)
def test_time_left_is_said_in_words(seconds, words):
    assert duration(seconds) == words
