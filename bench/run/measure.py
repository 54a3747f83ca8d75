"""Runs a command, on given CPUs where the system can, and writes what it took.

`measure.py REPORT CPUS COMMAND...`: REPORT gets one JSON object, CPUS are numbers with commas, or empty.
CPU time is of the command and of all that it waited for; the command's exit code becomes this one's.
"""

import json
import os
import signal
import sys
import time


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
    _, status, usage = os.wait4(child, 0)
    took = {
        "wallSeconds": time.monotonic() - started,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        # kilobytes on Linux, bytes on macOS
        "peakMiB": usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024),
    }
    with open(report, "w", encoding="utf-8") as file:
        json.dump(took, file)
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


sys.exit(main())
