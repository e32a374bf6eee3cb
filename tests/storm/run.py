"""One storm: prepare, let it happen, tell the server of it, compare."""

import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.stripe import FakeStripe
from tests.faults.processes import ROOT, Group, Server, free_port, settings
from tests.storm import books
from tests.storm.deliveries import deliver, with_duplicates
from tests.storm.world import Story, sums_of

SECRET = "whsec_of_the_storm"
CONNECTIONS = 16


@dataclass(frozen=True)
class Result:
    """What a storm did."""

    seed: int
    told: int
    distinct: int
    answers: Counter
    seconds: float
    counts: dict[str, int]
    differences: list[str]
    balance: list[tuple[str, str, int]]
    is_green: bool

    @property
    def refused(self) -> int:
        """How many valid deliveries were not answered with 2xx."""
        return sum(count for status, count in self.answers.items() if not 200 <= status < 300)


def storm(url: str, folder: Path, *, told: int, distinct: int, seed: int) -> Result:
    """Tell a server on the database ``url`` of ``distinct`` events by ``told`` deliveries. Half is
    told before refunds and disputes happen, which then come in between.
    """
    with FakeStripe() as fake:
        fake.deliveries.way, fake.deliveries.secret = "held", SECRET
        environment = {
            **settings(url, folder),
            "STRIPE_SECRET_KEY": fake.key,
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "STRIPE_API_BASE": fake.url,
        }
        log = folder / f"storm-{seed}.log"
        before = Group(books.prepare, (distinct * 2 // 7,), environment, log)
        before.process.join(600)
        if before.process.exitcode != 0:
            raise RuntimeError(f"the storm cannot be prepared: {log.read_text()[-2000:]}")
        server = Server(free_port(), environment, log)
        server.start(within=90)
        try:
            return _storm(url, fake, server, environment, told, distinct, seed)
        finally:
            server.stop()


def _storm(url, fake, server, environment, told, distinct, seed) -> Result:
    sessions = [each["id"] for each in reversed(fake.world.all("checkout.session"))]
    story = Story(fake, sessions, distinct)
    first = story.pay()
    half = with_duplicates(first, (told - distinct) // 2, seed)
    # Some of what is told of the payments comes after the refunds have happened.
    early, late = half[: len(half) * 5 // 6], half[len(half) * 5 // 6 :]
    began = time.monotonic()
    answers = deliver(server.port, fake, early, CONNECTIONS)
    then = story.go_on(len(first))
    more = told - len(half) - len(then)
    of_then = min(more, len(then))
    events = late + with_duplicates(then, of_then, seed)
    events += with_duplicates(first, 0, seed + 1)[: more - of_then]
    answers += deliver(server.port, fake, with_duplicates(events, 0, seed), CONNECTIONS)
    seconds = time.monotonic() - began
    checkouts = books.checkouts(url)
    return Result(
        seed=seed,
        told=answers.total(),
        distinct=len(first) + len(then),
        answers=answers,
        seconds=seconds,
        counts=books.counts(url),
        differences=books.sums(url).differences(sums_of(fake, checkouts)),
        balance=books.trial_balance(url),
        is_green=_is_green(environment),
    )


def _is_green(environment: dict[str, str]) -> bool:
    """Whether `flask audit check` finds nothing."""
    command = [sys.executable, "-m", "flask", "--app", "fundapp", "audit", "check"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout.decode()[-3000:] + done.stderr.decode()[-2000:])
    return done.returncode == 0
