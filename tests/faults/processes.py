"""The server, and what writes beside it: each in a process group of its own.

They are forked from a process that has imported the program already, so that a server is up within
a second; its arguments and settings are those of docs/operations.md.
"""

import base64
import hashlib
import multiprocessing
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from config import LIMITS

ROOT = Path(__file__).resolve().parent.parent.parent
MANY = "1000000 per minute"
#: How often each of the people can sign in.
SIGN_INS = 2000
#: Seconds within which a server answers its first request.
STARTS_WITHIN = 20.0

#: Everything that was started and can be killed; `end` does it.
started: list = []

forked = multiprocessing.get_context("forkserver")


def _key(name: str) -> str:
    """A key in base64 that looks as if it were random."""
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()


def settings(url: str, folder: Path) -> dict[str, str]:
    """The environment of a program in service."""
    limits = [name.removeprefix("LIMIT_") for name in LIMITS]
    return {
        "PUBLIC_URL": "https://fund.example.org",
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": url,
        "SECRET_KEY": "a secret of this run, as long as it has to be",
        "FIELD_KEYS": f"k1:{_key('k1')}",
        "LEDGER_SIGNING_KEY": _key("ledger"),
        "DOCUMENTS_URL": f"file://{folder / 'documents'}",
        "LEDGER_CHECKPOINT_FILE": str(folder / "checkpoint"),
        "SMTP_URL": "",
        **{f"LIMIT_{name}": MANY for name in limits},
    }


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end() -> None:
    """Kill what still runs of all that was started."""
    while started:
        started.pop().kill()


class Group:
    """A forked process that leads a process group of its own; its output goes to ``log``."""

    def __init__(self, target, arguments: tuple, environment: dict[str, str], log: Path) -> None:
        self.process = forked.Process(
            target=_lead, args=(target, arguments, environment, str(log)), daemon=True
        )
        self.process.start()
        started.append(self)

    @property
    def pid(self) -> int:
        """The leader's."""
        return self.process.pid

    def kill(self) -> None:
        """``kill -9`` of the whole group."""
        self._signal(signal.SIGKILL)
        self.process.join(10)

    def stop(self) -> None:
        """SIGTERM; what does not end within ten seconds is killed."""
        self.process.terminate()
        self.process.join(10)
        self.kill()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)


class Server:
    """Gunicorn with two workers of four threads on ``port``."""

    def __init__(self, port: int, environment: dict[str, str], log: Path) -> None:
        self.port, self.environment, self.log = port, environment, log
        self.group: Group | None = None

    def start(
        self, application: str = "fundapp:create_app()", *, within: float = STARTS_WITHIN
    ) -> None:
        """Start it and wait for its first answer. Raises TimeoutError."""
        arguments = [
            "gunicorn", application, "--bind", f"127.0.0.1:{self.port}", "--worker-class",
            "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "30",
            "--no-control-socket", "--log-level", "error",
        ]  # fmt: skip
        self.group = Group(_serve, (arguments,), self.environment, self.log)
        until = time.monotonic() + within
        while self.get("/healthz") != 200:
            if time.monotonic() > until:
                raise TimeoutError("the server did not start")
            time.sleep(0.02)

    def get(self, path: str) -> int:
        """The status of a page; 0 when nothing answered."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as got:
                return got.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def kill(self) -> None:
        """``kill -9`` of the master and its workers."""
        if self.group:
            self.group.kill()

    def stop(self) -> None:
        """Let it end by itself."""
        if self.group:
            self.group.stop()


def _lead(target, arguments: tuple, environment: dict[str, str], log: str) -> None:
    os.setpgid(0, 0)
    os.environ.update(environment)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    target(*arguments)


def _serve(arguments: list[str]) -> None:
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = arguments
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


def prepare(fund: str, officer: str, auditor: str, password: str) -> None:
    """Make the tables, a fund, an officer and an auditor."""
    import flask_migrate

    from fundapp import create_app
    from fundapp.db import unit_of_work
    from tests.factories.books import make_fund
    from tests.factories.identity import make_user

    with create_app().app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        make_fund(fund)
        make_fund("ZAKAT", position=1)
        make_user("fund_officer", email=officer, password=password)
        make_user("auditor", email=auditor, password=password)
        for email in (officer, auditor):
            unit_of_work(_make_recovery_codes, email)


def recovery_code(email: str, number: int) -> str:
    """A code that signs in once, wherever the clock of the server stands."""
    return base64.b32encode(hashlib.sha256(f"{email} {number}".encode()).digest()[:10]).decode()


def _make_recovery_codes(email: str) -> None:
    from fundapp import clock
    from fundapp.db import db
    from fundapp.identity.credentials import token_hash
    from fundapp.identity.models import RecoveryCode
    from fundapp.identity.queries import find_user_by_email

    user = find_user_by_email(email)
    db.session.add_all(
        RecoveryCode(
            user_id=user.id,
            code_sha256=token_hash(recovery_code(email, number)),
            made_at=clock.now(),
        )
        for number in range(SIGN_INS)
    )


def post(file: str, prefix: str) -> None:
    """Post gifts and approvals one after the other until killed; ``file`` gets the key of each
    one that is committed. One that failed is posted again with the same key.
    """
    from fundapp import clock, create_app
    from tests.factories.books import make_approval, make_gift

    done = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    number = 0
    with create_app().app_context():
        while True:
            key = f"{prefix}-{number}"
            make, satang = (make_approval, 100) if number % 3 == 2 else (make_gift, 300 + number)
            fund = "ZAKAT" if number % 2 else "GENERAL"
            fields = {"idempotency_key": key, "source_ref": key, "memo": key}
            try:
                make(satang, fund, on=clock.today(), **fields)
            except Exception as error:
                print(repr(error)[:300], flush=True)
                time.sleep(0.05)
                continue
            os.write(done, f"{key}\n".encode())
            number += 1
            time.sleep(0.01)


def seal(file: str) -> None:
    """Seal and sign one time after the other until killed; ``file`` gets the size and the root of
    each checkpoint that is committed.
    """
    from fundapp import create_app
    from fundapp.access.actors import COMMAND_LINE
    from fundapp.db import unit_of_work
    from fundapp.ledger.log.batches import seal_everything
    from fundapp.ledger.log.operations import sign_checkpoint
    from fundapp.ledger.log.settings import signing_key

    done = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with create_app().app_context():
        while True:
            try:
                seal_everything(actor=COMMAND_LINE)
                signed = unit_of_work(sign_checkpoint, signing_key(), actor=COMMAND_LINE)
            except Exception as error:
                print(repr(error)[:300], flush=True)
                time.sleep(0.05)
                continue
            os.write(done, f"{signed.size} {signed.root.hex()}\n".encode())


def write_messages(count: int, seconds: float) -> None:
    """Write ``count`` messages to the outbox within about ``seconds``."""
    from fundapp import create_app
    from fundapp.db import unit_of_work
    from tests.factories.mail import make_message

    with create_app().app_context():
        for number in range(count):
            unit_of_work(make_message, about_ref=f"faults-{number}")
            time.sleep(seconds / count)
