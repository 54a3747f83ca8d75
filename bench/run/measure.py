"""Runs a command, on given CPUs where the system can, and writes what it took.

`measure.py REPORT CPUS COMMAND...`: REPORT gets one JSON object, CPUS are numbers with commas, or empty.
CPU time is of the command and of all that it waited for; the command's exit code becomes this one's.
Memory over time is of the command alone, where the system tells: medians of its second and last quarter.
"""

import json
import os
import signal
import statistics
import sys
import threading
import time

SAMPLE_SECONDS = 0.25


def main() -> int:
    report, cpus, *command = sys.argv[1:]
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        if cpus and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {int(cpu) for cpu in cpus.split(",")})
        try:
            os.execvp(command[0], command)
        except OSError as error:
            print(f"expected to run {command[0]}, got: {error}", file=sys.stderr)
            os._exit(127)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.signal(signal.SIGINT, lambda *_: os.kill(child, signal.SIGKILL))
    over = threading.Event()
    resident: list[float] = []
    threading.Thread(target=sample_memory, args=(child, over, resident), daemon=True).start()
    _, status, usage = os.wait4(child, 0)
    over.set()
    took = {
        "wallSeconds": time.monotonic() - started,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        # kilobytes on Linux, bytes on macOS
        "peakMiB": usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024),
    }
    quarter = len(resident) // 4
    if quarter > 0:
        took["earlyMiB"] = statistics.median(resident[quarter : 2 * quarter])
        took["lateMiB"] = statistics.median(resident[-quarter:])
    with open(report, "w", encoding="utf-8") as file:
        json.dump(took, file)
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


def sample_memory(pid: int, over: threading.Event, resident: list[float]) -> None:
    page = os.sysconf("SC_PAGE_SIZE") / (1024 * 1024)
    while not over.wait(SAMPLE_SECONDS):
        try:
            with open(f"/proc/{pid}/statm", encoding="ascii") as file:
                resident.append(int(file.read().split()[1]) * page)
        except OSError:
            return


sys.exit(main())
