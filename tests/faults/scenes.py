"""The faults, each on a server under load: bring it, end it, and tell what was seen."""

import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fundapp.db.instants import TOLERANCE
from fundapp.db.readiness import ANSWER_COUNTS
from tests.fakes.mail import mail_server
from tests.faults import batches, rows
from tests.faults.load import Load, Tally
from tests.faults.moved_clock import FILE
from tests.faults.places import PostgresqlPlace, SqlitePlace, children_of
from tests.faults.processes import ROOT, Group, Server, seal, started, write_messages
from tests.faults.reports import Readers

#: How often `kill` and `sealing` kill, unless they are told otherwise.
KILLS = 20
#: Seconds of load before a fault, while it lasts and after it.
SHORT, LONG = 1.0, 3.0
#: Seconds within which a worker ends after SIGTERM.
WORKER_ENDS_WITHIN = 2.0
#: Seconds within which a batch for 4,400 children is there, or recorded.
BATCH_WITHIN = 600
HOUR = 3600
MESSAGES = 60


class NotRunError(Exception):
    """This machine cannot bring the fault."""


@dataclass(slots=True)
class Outcome:
    """What a fault left behind; ``problems`` are sentences about what must not be."""

    tally: Tally
    posted: set[str]
    way: str
    torn: int = 0
    reports: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Stage:
    """A database, the server on it, a folder for logs and lists, and how often to kill."""

    place: SqlitePlace | PostgresqlPlace
    server: Server
    folder: Path
    kills: int = KILLS

    def load(self, donors: int = 4) -> Load:
        """The load, begun."""
        return Load(self.server, self.folder, donors).start()


def kill(stage: Stage) -> Outcome:
    """``kill -9`` of the server's group and of the process that posts."""
    load = stage.load()
    for _ in range(stage.kills):
        load.fault_is_over()
        _wait_for_more(load, random.randint(5, 25))  # noqa: S311 - when to kill, no secret
        load.fault_begins()
        _restart(stage, load)
    load.fault_is_over()
    time.sleep(SHORT)
    return Outcome(load.stop(), load.posted(), f"{stage.kills} times the whole group")


def _wait_for_more(load: Load, count: int) -> None:
    until = load.tally.acknowledged + count
    _wait(lambda: load.tally.acknowledged >= until, 1.5)


def sealing(stage: Stage) -> Outcome:
    """``kill -9`` of whoever seals and signs and, every second time, of the process that posts."""
    load = stage.load(donors=1)
    load.fault_is_over()  # the server itself stays
    signed = stage.folder / f"signed-{secrets.token_hex(4)}"
    for number in range(stage.kills):
        sealer = Group(seal, (str(signed),), stage.server.environment, stage.server.log)
        seen = _signed(signed)
        _wait(lambda seen=seen: len(_signed(signed)) > len(seen), 8)
        time.sleep(random.random() / 5)  # noqa: S311 - when to kill, no secret
        sealer.kill()
        if number % 2:
            load.poster.kill()
            load.start_poster()
    outcome = Outcome(load.stop(), load.posted(), f"{stage.kills} times whoever seals")
    stored = {
        (size, bytes(root).hex())
        for size, root in stage.place.rows("SELECT size, root FROM log_checkpoints")
    }
    last = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "fundapp", "ledger", "seal"],
        cwd=ROOT, env={**os.environ, **stage.server.environment}, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    open_entries = stage.place.rows(_UNSEALED)
    wrong = {
        "the fault did not come about: too little was signed": len(stored) < stage.kills // 2,
        "checkpoints that were acknowledged are lost": bool(_signed(signed) - stored),
        f"the log does not go on: {last.stderr}": last.returncode != 0,
        f"entries without a place in the log: {len(open_entries)}": bool(open_entries),
    }
    outcome.way += f", {len(stored)} checkpoints"
    outcome.problems += [sentence for sentence, is_so in wrong.items() if is_so]
    return outcome


def _signed(file: Path) -> set[tuple[int, str]]:
    """Size and root of each checkpoint that was acknowledged."""
    lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
    return {(int(size), root) for size, _, root in (line.partition(" ") for line in lines)}


def full(stage: Stage) -> Outcome:
    """No space on the disk, then space again."""
    load = stage.load()
    time.sleep(SHORT)
    if stage.place.disk.is_mounted:
        way, seen = "tmpfs filled", _fill(stage, load)
    elif isinstance(stage.place, SqlitePlace):
        way, seen = "files limited (RLIMIT_FSIZE)", _limit(stage)
    else:
        load.stop()
        raise NotRunError("no tmpfs may be mounted here (needs root)")
    load.fault_is_over()
    ready = _ready_again(stage.server)
    time.sleep(SHORT)
    outcome = Outcome(load.stop(), load.posted(), f"{way}; /readyz {_shown(seen)}, then {ready}")
    if outcome.tally.refused == 0:
        outcome.problems.append("nothing was refused: the fault did not come about")
    if seen[200]:
        outcome.way += " (ready was said while gifts were refused)"
    if set(seen) - {200, 503} or ready != 200:
        outcome.problems.append(f"/readyz answered {_shown(seen)}, then {ready}")
    return outcome


def _fill(stage: Stage, load: Load) -> Counter:
    seen, until = Counter(), time.monotonic() + LONG
    while time.monotonic() < until:
        stage.place.disk.fill()
        seen[stage.server.get("/readyz")] += 1
        time.sleep(0.1)
    stage.place.disk.free()
    if isinstance(stage.place, PostgresqlPlace):
        # PostgreSQL ends itself when it cannot write its log; then its supervisor starts it.
        stage.place.come_back()
    return seen


def _limit(stage: Stage) -> Counter:
    pids = children_of(stage.server.group.pid)
    stage.place.limit_files(pids, 4096)
    seen, until = Counter(), time.monotonic() + LONG
    while time.monotonic() < until:
        seen[stage.server.get("/readyz")] += 1
        time.sleep(0.1)
    stage.place.limit_files(pids, None)
    return seen


def readonly(stage: Stage) -> Outcome:
    """Nothing may be written, then it may again."""
    if isinstance(stage.place, SqlitePlace) and not stage.place.disk.is_mounted:
        raise NotRunError("no tmpfs may be mounted here (needs root)")
    load = stage.load()
    time.sleep(SHORT)
    if isinstance(stage.place, PostgresqlPlace):
        way = "default_transaction_read_only, as on a standby"
        stage.place.set_read_only(True)
        seen = _watch(stage.server, LONG)
        stage.place.set_read_only(False)
        time.sleep(0.2)  # until every session has read its settings anew
    else:
        way = "server killed, started on a disk that is read-only (remount)"
        stage.server.kill()
        load.poster.kill()
        stage.place.disk.remount("ro")
        try:
            stage.server.start()
            load.start_poster()
            seen = _watch(stage.server, LONG)
        finally:
            stage.place.disk.remount("rw")
    return _after_away(stage, load, way, seen)


def away(stage: Stage) -> Outcome:
    """The database is not there, then it is again."""
    load = stage.load()
    time.sleep(SHORT)
    way = stage.place.go_away()
    try:
        if isinstance(stage.place, SqlitePlace):
            time.sleep(SHORT)  # who had the file open still has it
            _restart(stage, load)
        seen = _watch(stage.server, LONG)
    finally:
        stage.place.come_back()
    if isinstance(stage.place, PostgresqlPlace):
        time.sleep(SHORT)
        stage.place.crash()
        time.sleep(SHORT)
        stage.place.come_back()
    return _after_away(stage, load, way, seen)


def _restart(stage: Stage, load: Load) -> None:
    stage.server.kill()
    load.poster.kill()
    stage.server.start()
    load.start_poster()


def _after_away(stage: Stage, load: Load, way: str, seen: Counter) -> Outcome:
    load.fault_is_over()
    ready = _ready_again(stage.server)
    time.sleep(SHORT)
    outcome = Outcome(load.stop(), load.posted(), f"{way}; /readyz {_shown(seen)}, then {ready}")
    if set(seen) - {503} or ready != 200:
        outcome.problems.append(f"/readyz answered {_shown(seen)}, then {ready}")
    return outcome


def _ready_again(server: Server) -> int:
    """What /readyz answers when no process keeps its last answer."""
    time.sleep(1.2 * ANSWER_COUNTS)
    return server.get("/readyz")


def _watch(server: Server, seconds: float) -> Counter:
    """What /readyz answers meanwhile, when its last answer before counts no more."""
    time.sleep(1.2 * ANSWER_COUNTS)
    seen, until = Counter(), time.monotonic() + seconds
    while time.monotonic() < until:
        seen[server.get("/readyz")] += 1
        time.sleep(0.1)
    return seen


def _shown(seen: Counter) -> str:
    return " ".join(f"{status}×{count}" for status, count in sorted(seen.items())) or "-"


def smtp(stage: Stage) -> Outcome:
    """The mail server is away while messages are written, then it is there again."""
    load = stage.load(donors=2)
    received: list[bytes] = []
    with mail_server() as server:
        port = server.server_address[1]
        environment = {**stage.server.environment, "SMTP_URL": server.url}
        worker = Worker(environment, stage.server.log)
        writer = Group(write_messages, (MESSAGES, 4.0), environment, stage.server.log)
        _wait(lambda: len(server.taken) >= MESSAGES // 10, 10)
        received += server.taken
    writer.process.join(20)
    tried = [attempts for (attempts,) in stage.place.rows(_UNSENT)]
    with mail_server(port=port) as server:
        is_empty = _wait(lambda: not stage.place.rows(_UNSENT), 25)
        seconds = worker.stop()
        received += server.taken
    outcome = Outcome(load.stop(), load.posted(), f"{len(tried)} waited, {len(received)} sent")
    sent = Counter(line for each in received for line in each.splitlines() if _is_id(line))
    wrong = {
        "no message waited: the fault did not come about": not tried,
        "messages were not sent after it": not is_empty or len(sent) < MESSAGES,
        "messages were sent twice": max(sent.values(), default=0) > 1,
        # What the server broke off in the middle may be the message's fault, so that one counts.
        "the fault counted as a try of a message that was not under way": sum(tried) > 1,
        f"the worker took {seconds:.1f} s to end": seconds > WORKER_ENDS_WITHIN,
    }
    outcome.problems += [sentence for sentence, is_so in wrong.items() if is_so]
    return outcome


_UNSEALED = (
    "SELECT id FROM journal_entries"
    " WHERE NOT EXISTS (SELECT 1 FROM log_leaves WHERE entry_id = journal_entries.id)"
)
_UNSENT = "SELECT attempts FROM mail_messages WHERE sent_at IS NULL"


def _is_id(line: bytes) -> bool:
    return line.lower().startswith(b"message-id:")


class Worker:
    """``flask worker`` in a session of its own."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "fundapp", "worker"],
                cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
        started.append(self)

    def kill(self) -> None:
        """``kill -9``, if it still runs."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> float:
        """The seconds that it took to end after SIGTERM."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        return time.monotonic() - began


def _wait(holds: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.005)
    return False


def clock(stage: Stage) -> Outcome:
    """The clock of the server is set back by an hour, then forward by two, then right again."""
    file = stage.folder / f"clock-{secrets.token_hex(4)}"
    file.write_text("0", encoding="ascii")
    stage.server.stop()
    stage.server.environment[FILE] = str(file)
    stage.server.start("tests.faults.moved_clock:create_app()")
    load = stage.load()
    load.fault_is_over()
    for seconds in (0, -HOUR, 2 * HOUR, 0):
        draft = file.with_suffix(".new")
        draft.write_text(str(seconds), encoding="ascii")
        draft.rename(file)
        time.sleep(LONG / 2)
    outcome = Outcome(load.stop(), load.posted(), "one hour back, two forward (time_machine)")
    backwards = _went_backwards(stage)
    if backwards:
        outcome.problems.append(f"{backwards} entries are earlier than one with a lower id")
    stage.server.stop()
    stage.server.start()
    return outcome


def _went_backwards(stage: Stage) -> int:
    """How many entries are earlier, by more than a minute, than one with a lower id."""
    count, latest = 0, None
    for (text,) in stage.place.rows("SELECT posted_at FROM journal_entries ORDER BY id"):
        moment = datetime.fromisoformat(str(text))
        count += latest is not None and latest - moment > TOLERANCE
        latest = moment if latest is None else max(latest, moment)
    return count


def readers(stage: Stage) -> Outcome:
    """Reports are read while others write."""
    load = stage.load()
    load.fault_is_over()
    reading = Readers(stage.server.port)
    until = time.monotonic() + 2 * LONG
    while time.monotonic() < until:
        reading.count(rows.trial_balance(stage.server.environment))
    reading.stop()
    outcome = Outcome(load.stop(), load.posted(), "trial balance (page, command), funds, public")
    outcome.torn, outcome.reports = reading.torn, reading.read
    if reading.failed or reading.read < 20:
        outcome.problems.append(f"{reading.failed} reports failed, {reading.read} were read")
    return outcome


def payouts(stage: Stage) -> Outcome:
    """``kill -9`` of whoever records the payouts of a batch for 4,400 children."""
    log, environment = stage.server.log, stage.server.environment
    first = Group(batches.prepare_batch, (), environment, log)
    first.process.join(BATCH_WITHIN)
    load = stage.load(donors=1)
    load.fault_is_over()  # the server itself stays
    problems, killed = [], 0
    for _ in range(min(stage.kills, batches.CLASSES // 4)):
        before = _count(stage, batches.PAID)
        recorder = Group(batches.record, (), environment, log)
        _wait(lambda before=before: _count(stage, batches.PAID) > before, 20)
        time.sleep(random.random() / 5)  # noqa: S311 - when to kill, no secret
        recorder.kill()
        killed += _count(stage, batches.LINES) > 0
        if stage.place.rows(batches.HALF_DONE):
            problems.append("a payout is half-done after a kill")
        if _count(stage, batches.LINES) == 0:
            break
    last = Group(batches.record, (), environment, log)
    last.process.join(BATCH_WITHIN)
    outcome = Outcome(load.stop(), load.posted(), f"{killed} times in the middle of the batch")
    wrong = {
        "the fault did not come about: nothing was left after a kill": killed < 2,
        "payouts wait that are not recorded": _count(stage, batches.LINES) > 0,
        "a payout is half-done": bool(stage.place.rows(batches.HALF_DONE)),
        "somebody was paid twice": bool(stage.place.rows(batches.TWICE)),
        "not every child was paid": _count(stage, batches.CHILDREN_PAID)
        != batches.CLASSES * batches.EACH,
    }
    outcome.problems += [*problems, *(sentence for sentence, is_so in wrong.items() if is_so)]
    return outcome


def _count(stage: Stage, statement: str) -> int:
    return int(stage.place.rows(statement)[0][0])


SCENES: dict[str, Callable[[Stage], Outcome]] = {
    scene.__name__: scene
    for scene in (kill, sealing, payouts, full, readonly, away, smtp, clock, readers)
}
