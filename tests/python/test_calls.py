"""Long calls: other threads go on, progress is told, an interrupt leaves everything as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import kundenwert as kw
import numpy as np
import pytest
from simulated import continuous_customers


def test_other_threads_go_on_during_a_fit():
    customers = continuous_customers(60_000)
    beats = []
    finished = threading.Event()

    def beat():
        while not finished.is_set():
            beats.append(time.perf_counter())
            time.sleep(0.001)

    other = threading.Thread(target=beat)
    other.start()
    try:
        begin = time.perf_counter()
        kw.ParetoNbd.fit(customers, unit="week", threads=1)
        end = time.perf_counter()
    finally:
        finished.set()
        other.join()
    during = [t for t in beats if begin < t < end]
    # Held, the lock would let the other thread run at most once per progress call.
    assert end - begin > 0.05
    assert len(during) > (end - begin) / 0.05
    assert max(np.diff([begin, *during, end])) < 0.5 * (end - begin)


def test_progress_is_told(log, customers, bg_nbd, gamma_gamma):
    def calls(run):
        told = []
        run(told.append)
        return told

    for run in (
        lambda tell: kw.summarize(log, unit="week", end="1997-09-30", progress=tell),
        lambda tell: kw.BgNbd.fit(customers, progress=tell),
        lambda tell: bg_nbd.expected_transactions(customers, 39, progress=tell),
        lambda tell: kw.lifetime_value(
            bg_nbd, gamma_gamma, customers, horizon=39, annual_discount_rate=0.1, progress=tell
        ),
    ):
        told = calls(run)
        assert told
        assert all(isinstance(done, float) and 0 <= done <= 1 for done in told)
    told = calls(lambda tell: kw.summarize([log, log], unit="week", end="1997-09-30", progress=tell))
    assert told[-1] == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_what_progress_raises_leaves_everything_as_it_was(log, customers, bg_nbd, error):
    def stop(_):
        raise error

    with pytest.raises(error):
        kw.summarize(log, unit="week", end="1997-09-30", progress=stop)
    with pytest.raises(error):
        kw.BgNbd.fit(customers, progress=stop)
    with pytest.raises(error):
        bg_nbd.expected_transactions(customers, 39, progress=stop)

    accumulator = kw.Accumulator(progress=lambda done: stop(done) if is_stopping else None)
    is_stopping = False
    accumulator.add(log)
    before = accumulator.report
    is_stopping = True
    with pytest.raises(error):
        accumulator.add(log)
    assert accumulator.report == before
    with pytest.raises(error):
        accumulator.finish(unit="week", end="1997-09-30")
    is_stopping = False
    assert accumulator.finish(unit="week", end="1997-09-30").repeat_transactions == customers.repeat_transactions


def test_an_accumulator_serves_one_call_at_a_time(log):
    def meddle(_):
        with pytest.raises(RuntimeError, match="in use"):
            accumulator.add(log)
        with pytest.raises(RuntimeError, match="in use"):
            accumulator.merge(kw.Accumulator())
        with pytest.raises(RuntimeError, match="in use"):
            kw.Accumulator().merge(accumulator)
        with pytest.raises(RuntimeError, match="in use"):
            accumulator.finish(unit="week", end="1997-09-30")
        told.append(accumulator)

    told = []
    accumulator = kw.Accumulator(progress=meddle)
    accumulator.add(log)
    assert told
    assert accumulator.report.rows_read == len(log)
    accumulator.merge(accumulator)
    assert accumulator.report.rows_read == 2 * len(log)


def test_an_interrupt_ends_a_fit():
    program = textwrap.dedent(
        """
        import os, signal, threading
        import kundenwert as kw
        from simulated import continuous_customers

        customers = continuous_customers(400_000)
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            kw.ParetoNbd.fit(customers, unit="week", threads=1)
        except KeyboardInterrupt:
            print("interrupted")
        """
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout == "interrupted\n"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the number of cores cannot be set here")
def test_threads_are_the_cores_of_the_process():
    from kundenwert.frozen import thread_count

    assert thread_count(None) == len(os.sched_getaffinity(0))
    assert thread_count(3) == 3
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_summaries_and_models_serve_many_threads(customers, bg_nbd):
    expected = bg_nbd.probability_alive(customers).tobytes()
    found = []

    def ask():
        for _ in range(20):
            found.append(bg_nbd.probability_alive(customers, threads=2).tobytes() == expected)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 80
