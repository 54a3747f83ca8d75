"""Runs one program to its end, in a process group of its own, its output going where the task's log goes."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

#: SIGKILL follows SIGTERM after so long; Airflow itself kills a task 5 s after it asked it to end.
GRACE_SECONDS = 3.0

#: Enough to say why a program failed; the whole is in the task's log.
TAIL_LINES = 20

MAX_LINE = 4000

# Has Linux end the program with the process that started it, whatever ends that; then becomes the program.
DIE_WITH_PARENT = """
import ctypes, os, sys
if sys.platform == 'linux':
    ctypes.CDLL(None).prctl(1, 9)
    if os.getppid() != int(sys.argv[1]):
        sys.exit('the task is gone')
try:
    os.execvpe(sys.argv[2], sys.argv[2:], os.environ)
except OSError as error:
    sys.exit(f'could not start {sys.argv[2]}: {error.strerror}')
"""


@dataclass(frozen=True)
class Ended:
    exit_code: int
    #: the last lines of its output
    tail: tuple[str, ...]
    #: the last line that is a JSON object
    summary: dict[str, Any] | None

    def how(self) -> str:
        if self.exit_code >= 0:
            return f"exit code {self.exit_code}"
        return f"signal {signal.Signals(-self.exit_code).name}"


class ProgramRun:
    """`stop` may be called from a signal handler or another thread."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        say: Callable[[str], None],
        cwd: str | os.PathLike[str] | None = None,
    ):
        self._say = say
        self._parent = os.getppid()
        self._kill_at: float | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", DIE_WITH_PARENT, str(os.getpid()), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=cwd,
            start_new_session=True,
            text=True,
            errors="replace",
        )

    def stop(self) -> None:
        if self._kill_at is None:
            self._kill_at = time.monotonic() + GRACE_SECONDS
            self._signal(signal.SIGTERM)

    def wait(self) -> Ended:
        """Returns when the program has ended; whatever ends the wait instead ends the program."""
        tail: deque[str] = deque(maxlen=TAIL_LINES)
        summary = None
        try:
            for line in self._lines():
                self._say(line[:MAX_LINE])
                tail.append(line[:MAX_LINE])
                summary = json_object(line) or summary
        except BaseException:
            self.stop()
            self._await_end()
            raise
        finally:
            # what it started and left behind
            self._signal(signal.SIGKILL)
        return Ended(self._process.wait(), tuple(tail), summary)

    def _lines(self) -> Iterator[str]:
        output = self._process.stdout
        if output is None:
            raise RuntimeError("expected a pipe from the program, got none")
        lines: queue.Queue[str | None] = queue.Queue(maxsize=1000)
        threading.Thread(target=read_lines, args=(output, lines), daemon=True).start()
        given_up_at = None
        while True:
            try:
                line = lines.get(timeout=0.2)
            except queue.Empty:
                if self._process.poll() is not None:
                    # a child that it left behind may hold the pipe open, even in a group of its own
                    self._signal(signal.SIGKILL)
                    given_up_at = given_up_at or time.monotonic() + GRACE_SECONDS
                    if time.monotonic() > given_up_at:
                        return
            else:
                if line is None:
                    self._await_end()
                    return
                yield line
            self._watch()

    def _await_end(self) -> None:
        while self._process.poll() is None:
            self._watch()
            time.sleep(0.05)

    def _watch(self) -> None:
        if os.getppid() != self._parent:
            # nobody is left to take the result
            self._kill_at = 0.0
        if self._kill_at is not None and time.monotonic() > self._kill_at:
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            # gone; macOS answers so for a group of zombies
            return


def read_lines(output: IO[str], lines: "queue.Queue[str | None]") -> None:
    for line in output:
        if text := line.rstrip():
            lines.put(text)
    lines.put(None)


def json_object(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None
