"""`python -m benchmarks [NAME …]`: runs all or the named measurements, a process each."""

import subprocess
import sys
import time

ALL = (
    "reading",
    "readers",
    "year_calendar",
    "drawing",
    "importing",
    "starting",
    "claiming",
    "status",
    "fanning",
    "sending",
    "pacing",
    "processes",
    "answering",
    "strangers",
    "flooding",
    "peers",
)
LONGEST_S = 1_200


def main(names: list[str]) -> int:
    """Run the measurements; returns how many failed."""
    broken = 0
    begun = time.monotonic()
    for name in names or ALL:
        since = time.monotonic()
        try:
            status = subprocess.run(
                [sys.executable, "-m", f"benchmarks.{name}"], check=False, timeout=LONGEST_S
            ).returncode
        except subprocess.TimeoutExpired:
            status = 1
        broken += status != 0
        print(
            f"-- {name}: {'done' if status == 0 else 'BROKEN'} in {time.monotonic() - since:.0f} s\n",
            flush=True,
        )
    print(f"-- all in {time.monotonic() - begun:.0f} s")
    return broken


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
