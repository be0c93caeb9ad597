"""Processes forked from a warm one: a worker that was killed is back after a few milliseconds.

Forking is safe here for two reasons: the process that forks has one thread, and it never opens a
store itself (SQLite's locks and a server's connections do not survive a fork). Whatever has to look
into a store does so in a fork of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from tests.mutants.mutant import MISFITS

Answer = TypeVar("Answer")

MISFIT = 70
"""How a fork ends in which a planted bug does not fit the product: that is no way to find it."""


class Failed(Exception):
    """A process ended by an exception; the message is its traceback."""


def in_a_warm_process(work: Callable[..., Answer], *arguments: Any) -> Answer:
    """Do `work` in a new process that has nothing open and may fork; what it answers."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_answering, args=(there, work, arguments))
    process.start()
    there.close()
    try:
        done, answer = here.recv()
    except EOFError:
        process.join()
        raise Failed(f"the process ended with {process.exitcode}") from None
    process.join()
    if not done:
        raise Failed(answer)
    found: Answer = answer
    return found


def _answering(pipe: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        pipe.send((True, work(*arguments)))
    except BaseException:
        pipe.send((False, traceback.format_exc()))


def fork(work: Callable[[], object]) -> int:
    """Do `work` in a fork, which ends with it; its process id."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException as error:
        if isinstance(error, MISFITS):
            code = MISFIT
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        # Not `sys.exit`: what the parent has to do at its end is none of the child's business.
        os._exit(code)


def misfits(faults: Iterable[str]) -> list[str]:
    """Those of the faults that show no more than that a planted bug does not fit the product."""
    words = [f"with {MISFIT}", *(f"{kind.__name__}: " for kind in MISFITS)]
    return [fault for fault in faults if any(word in fault for word in words)]


def end(child: int) -> int:
    """Kill a fork as a machine that goes away, and wait for it; its exit code, negative for the
    signal that ended it."""
    os.kill(child, signal.SIGKILL)
    return wait(child)


def wait(child: int) -> int:
    """Wait until a fork has ended; its exit code, negative for the signal that ended it."""
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def apart(work: Callable[[], Answer]) -> Answer:
    """Do `work` in a fork; what it answers. Raises `Failed`."""
    reading, writing = os.pipe()

    def answering() -> None:
        try:
            told = pickle.dumps((True, work()))
        except BaseException:
            told = pickle.dumps((False, traceback.format_exc()))
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(told)

    child = fork(answering)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    code = wait(child)
    if not told:
        raise Failed(f"the process ended with {code}")
    done, answer = pickle.loads(told)
    if not done:
        raise Failed(answer)
    found: Answer = answer
    return found
