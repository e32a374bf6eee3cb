"""Posting one received gift durably: the program, the raw unit, and hordak on PostgreSQL.

In each round every contender has the machine to itself for some seconds, in an order drawn anew;
the ratio of the rates of one round counts. One writer is a process that posts one gift after
another; eight are eight processes. All gifts on one fund ("hot"), or on forty by chance.
"""

import random
import statistics
import subprocess
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from bench.databases import ROOT
from bench.figures import Figures
from bench.options import Options

#: The interpreter of the environment that hordak is installed in.
HORDAK_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
FUNDS = {"hot": 1, "spread": 40}
AIM_TO_HORDAK = 3.0
#: The modules of contenders that are not named after them.
MODULES = {"hordak": "hordak_ledger"}


@dataclass(frozen=True)
class Setting:
    """What is measured at once: a database, a number of writers, and where the gifts go."""

    kind: str
    writers: int
    where: str

    @property
    def aim_to_raw(self) -> float:
        """What the program is to reach of the raw unit's rate."""
        if self.kind == "sqlite":
            return 0.65
        return 1.3 if self.writers == 1 else 1.0

    def __str__(self) -> str:
        return f"posting {self.kind} {self.writers} writer(s) {self.where}"


@dataclass(frozen=True)
class Round:
    """Postings a second, and what each took of the writers' processor, in seconds; the server's own
    work is not in it.
    """

    rate: float
    cpu: float


class Writers:
    """The processes of one contender; they wait, and post when they are told to."""

    def __init__(self, contender: str, url: str, count: int, funds: int) -> None:
        command = command_of(contender, url, str(funds))
        self.processes = [
            subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(count)
        ]
        for process in self.processes:
            _answer(process)

    def post(self, seconds: float) -> "Round":
        """What all of them do in ``seconds``."""
        for process in self.processes:
            process.stdin.write(f"{seconds}\n")
            process.stdin.flush()
        answers = [_answer(process).split() for process in self.processes]
        done = sum(int(count) for count, _ in answers)
        return Round(done / seconds, sum(float(cpu) for _, cpu in answers) / max(done, 1))

    def stop(self) -> None:
        """Let them end."""
        for process in self.processes:
            process.stdin.close()
        for process in self.processes:
            process.wait(timeout=60)
            process.stdout.close()


def _answer(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("a writer ended; what went wrong is printed above")
    return line


def command_of(contender: str, url: str, what: str) -> list[str]:
    """The command that runs a contender's process, each in its environment."""
    python = HORDAK_PYTHON if contender == "hordak" else Path(sys.executable)
    return [str(python), "-m", "bench.writer", MODULES.get(contender, contender), url, what]


def contenders_on(kind: str) -> list[str]:
    """Who posts on that database; hordak where its environment is there."""
    if kind == "sqlite":
        return ["fund", "raw"]
    if not HORDAK_PYTHON.exists():
        print("hordak is left out: `make bench` installs it into .venv-bench.")
        return ["fund", "raw"]
    return ["fund", "raw", "hordak"]


def prepare(urls: dict[str, str]) -> None:
    """Let each contender make its books."""
    for contender, url in urls.items():
        subprocess.run(command_of(contender, url, "prepare"), cwd=ROOT, check=True)


def measure(kind: str, urls: dict[str, str], options: Options, figures: Figures) -> None:
    """Let each contender make its books, and compare them."""
    prepare(urls)
    compare(kind, urls, options, figures)


def compare(kind: str, urls: dict[str, str], options: Options, figures: Figures) -> None:
    """Print rates and ratios for every number of writers that ``options`` ask for."""
    for writers, where in product(options.writers, options.where):
        setting = Setting(kind, writers, where)
        _print(setting, run_rounds(setting, urls, options), figures)


def run_rounds(setting: Setting, urls: dict[str, str], options: Options) -> dict[str, list[Round]]:
    """The rounds of each contender."""
    teams = {
        contender: Writers(contender, url, setting.writers, FUNDS[setting.where])
        for contender, url in urls.items()
    }
    rounds: dict[str, list[Round]] = {contender: [] for contender in teams}
    try:
        for _ in range(options.rounds):
            for contender in random.sample(list(teams), len(teams)):
                rounds[contender].append(teams[contender].post(options.seconds))
    finally:
        for team in teams.values():
            team.stop()
    return rounds


def _print(setting: Setting, rounds: dict[str, list[Round]], figures: Figures) -> None:
    rates = {name: [one.rate for one in of_one] for name, of_one in rounds.items()}
    for contender, of_one in rounds.items():
        cpu = statistics.median(one.cpu for one in of_one) * 1e6
        figures.rate(f"{setting}: {contender}", rates[contender], f"{cpu:5.0f} µs of CPU each")
    figures.ratio(f"{setting}: fund to raw", rates["fund"], rates["raw"], setting.aim_to_raw)
    if "hordak" in rates:
        figures.ratio(f"{setting}: fund to hordak", rates["fund"], rates["hordak"], AIM_TO_HORDAK)
