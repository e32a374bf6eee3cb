"""The log's own settings: its key, its name, and the file beside the database."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from fundapp.crypto.keyring import decode_key
from fundapp.ledger.log.queries import log_number, origin_of
from fundapp.ledger.models import LogCheckpoint


def signing_key() -> bytes | None:
    """The key that signs checkpoints; None without one. KeyringError when it cannot be used."""
    given = str(current_app.config["LEDGER_SIGNING_KEY"])
    return decode_key("LEDGER_SIGNING_KEY", given) if given else None


def checkpoint_file() -> Path:
    """The file that keeps the last checkpoint outside the database."""
    return Path(str(current_app.config["LEDGER_CHECKPOINT_FILE"]))


def origin_of_log(last: LogCheckpoint | None) -> str:
    """The name of the log whose newest checkpoint is ``last``: it stays, and ends with the log's
    number.
    """
    number = log_number()
    if last is not None:
        return f"{origin_of(last).rpartition('/')[0]}/{number}"
    host = urlsplit(str(current_app.config["PUBLIC_URL"])).netloc
    return f"{host}/ledger/{number}"
