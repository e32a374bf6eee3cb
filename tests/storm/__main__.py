"""`python -m tests.storm`: 10,000 deliveries of 7,000 events at a server, on both databases.

Prints a line for each database and seed. Ends with 1 when a valid delivery was refused, the books
differ from what happened by a satang, the seeds disagree, a check is red, or it took more than two
minutes. ``DATABASE=`` takes one database, ``SEEDS=`` the seeds, ``DELIVERIES=`` how many.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.faults.places import PLACES
from tests.faults.processes import end, forked
from tests.storm import Result, storm

LONGEST = 120
COLUMNS = ("database", "seed", "deliveries", "events", "not 2xx", "payments", "movements",
           "receipts", "differ", "checks", "seconds")  # fmt: skip
LINE = "{:<11} {:>4} {:>10} {:>6} {:>7} {:>8} {:>9} {:>8} {:>6} {:>6} {:>7}"


def main() -> int:
    """Raise the storms; 0 when everything is as it must be."""
    forked.set_forkserver_preload(["tests.faults.preloaded"])
    told = int(os.environ.get("DELIVERIES") or 10_000)
    seeds = [int(each) for each in (os.environ.get("SEEDS") or "1 2 3").split()]
    chosen = os.environ.get("DATABASE")
    print(LINE.format(*COLUMNS), flush=True)
    good, balances = True, set()
    for kind in PLACES:
        if chosen not in (None, "", kind.name):
            continue
        for seed in seeds:
            result = _once(kind, told, seed)
            good = _tell(kind.name, result) and good
            balances.add(tuple(result.balance))
    if len(balances) > 1:
        print("The trial balances of the seeds differ.")
    good = good and len(balances) == 1
    print("The books say what happened." if good else "Not everything is as it must be.")
    return 0 if good else 1


def _once(kind, told: int, seed: int) -> Result:
    folder = Path(tempfile.mkdtemp(prefix="fundapp-storm-"))
    place = kind(folder / kind.name)
    try:
        return storm(place.url, folder, told=told, distinct=told * 7 // 10, seed=seed)
    finally:
        end()
        place.close()
        shutil.rmtree(folder)


def _tell(name: str, result: Result) -> bool:
    counts = result.counts
    print(
        LINE.format(
            name, result.seed, result.told, result.distinct, result.refused, counts["payments"],
            counts["processor_movements"], counts["receipts"], len(result.differences),
            "green" if result.is_green else "red", f"{result.seconds:.0f}",
        ),
        flush=True,
    )  # fmt: skip
    for each in result.differences[:10]:
        print(f"  {each}")
    return (
        not result.refused
        and not result.differences
        and result.is_green
        and counts["handled_notices"] == counts["processor_notices"] == result.distinct
        and result.seconds <= LONGEST
    )


if __name__ == "__main__":
    sys.exit(main())
