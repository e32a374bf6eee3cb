"""Settings, read from the environment once, at start-up.

Without `PUBLIC_URL`, or with a loopback one, the program is a local demo: its SQLite database and
its secrets are under ``instance/``. With any other `PUBLIC_URL` it is in service: it refuses to
start unless every secret it needs is set, and names the missing one. Nothing else, such as the
name of an environment, makes this difference.

Nothing reads `LEDGER_SIGNING_KEY` yet (signed checkpoints will), nor `STRIPE_WEBHOOK_SECRET` and
`STRIPE_API_BASE` (card payments will).
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from click import ClickException
from limits import parse
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

_LOOPBACK = {"localhost", "127.0.0.1", "::1", None}
_NEEDED_IN_SERVICE = ("DATABASE_URL", "SECRET_KEY", "FIELD_KEYS", "LEDGER_SIGNING_KEY")
_SHORTEST_SECRET = 32


class SettingError(ClickException):
    """A setting is missing or cannot be used; the message names it and says what to do.

    The command line shows the message alone, without a stack trace.
    """


def load(instance: Path, environment: Mapping[str, str] = os.environ) -> dict[str, object]:
    """Every setting of the application. Raises SettingError."""
    limits = {**LIMITS, **{name: environment[name] for name in LIMITS if environment.get(name)}}
    _refuse_unreadable_limits(limits)
    public_url = environment.get("PUBLIC_URL", "").rstrip("/")
    in_service = urlsplit(public_url).hostname not in _LOOPBACK
    if in_service:
        given = {name: environment.get(name, "") for name in _NEEDED_IN_SERVICE}
        _refuse_incomplete(given, public_url)
    else:
        given = _demo_secrets(instance, environment)
    secure = public_url.startswith("https://")
    return {
        "DEMO": not in_service,
        "PUBLIC_URL": public_url or f"http://127.0.0.1:{environment.get('PORT', '8000')}",
        "SECRET_KEY": given["SECRET_KEY"],
        "FIELD_KEYS": given["FIELD_KEYS"],
        "LEDGER_SIGNING_KEY": given["LEDGER_SIGNING_KEY"],
        "SQLALCHEMY_DATABASE_URI": _database_url(given["DATABASE_URL"]),
        "DOCUMENTS_URL": environment.get("DOCUMENTS_URL") or f"file://{instance / 'documents'}",
        "SMTP_URL": environment.get("SMTP_URL", ""),
        "CLAMAV_ADDRESS": _scanner(environment),
        "RATELIMIT_STORAGE_URI": environment.get("RATE_LIMIT_STORAGE_URL") or "memory://",
        **_promptpay(environment, in_service=in_service),
        "STRIPE_SECRET_KEY": environment.get("STRIPE_SECRET_KEY", ""),
        "STRIPE_WEBHOOK_SECRET": environment.get("STRIPE_WEBHOOK_SECRET", ""),
        "STRIPE_API_BASE": environment.get("STRIPE_API_BASE", ""),
        "TRUSTED_PROXIES": _count(environment, "TRUSTED_PROXIES"),
        "SECURE": secure,
        "SESSION_COOKIE_NAME": "__Host-form" if secure else "form",
        "SESSION_TOKEN_COOKIE": "__Host-sid" if secure else "sid",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "RATELIMIT_HEADERS_ENABLED": True,
        "MAX_CONTENT_LENGTH": 11 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        **FUND,
        **limits,
        **ARGON2,
    }


#: Name and address of the fund. Its name differs between sources, so it is a setting.
FUND: dict[str, object] = {
    "FUND_NAME_TH": "กองทุนเพื่อเด็กยากจนและด้อยโอกาสทางการศึกษาจังหวัดยะลา",
    "FUND_NAME_EN": "Yala Fund for Poor and Educationally Disadvantaged Children",
    "FUND_NAME_MS": (
        "Tabung Kanak-kanak Miskin dan Kurang Bernasib Baik dalam Pendidikan Wilayah Yala"
    ),
    "FUND_ADDRESS": "องค์การบริหารส่วนจังหวัดยะลา อำเภอเมืองยะลา จังหวัดยะลา 95000",
    "PROVINCE_CODE": "95",
}

#: Values for service; an environment variable of the same name replaces one.
LIMITS: dict[str, object] = {
    "LIMIT_SIGN_IN": "10 per 5 minutes",
    "LIMIT_SIGN_IN_ALL": "1000 per 5 minutes",
    "LIMIT_PLEDGE": "10 per hour",
    "LIMIT_EXPORT": "60 per hour",
    "LIMIT_RECEIPT": "30 per hour",
    "LIMIT_LOOK_UP": "60 per hour",
    "LIMIT_REFUSALS": "100 per hour",
}

#: Argon2id, the profile argon2-cffi recommends (RFC 9106, low memory): 64 MiB, 3 passes, 4 lanes.
ARGON2: dict[str, object] = {
    "ARGON2_MEMORY_KIB": 65536,
    "ARGON2_TIME_COST": 3,
    "ARGON2_PARALLELISM": 4,
}


#: A biller id that no bank has issued, so every bank refuses a payment to it.
_DEMO_BILLER = "099999999999990"


def _promptpay(environment: Mapping[str, str], *, in_service: bool) -> dict[str, str]:
    """The ids that receive PromptPay payments; the demo has an invented biller id."""
    biller_id = environment.get("PROMPTPAY_BILLER_ID", "")
    promptpay_id = environment.get("PROMPTPAY_ID", "")
    if not in_service and not biller_id and not promptpay_id:
        biller_id = _DEMO_BILLER
    return {"PROMPTPAY_BILLER_ID": biller_id, "PROMPTPAY_ID": promptpay_id}


def _refuse_incomplete(given: Mapping[str, str], public_url: str) -> None:
    for name, value in given.items():
        if not value:
            raise SettingError(f"{name} is not set, and {public_url} cannot be served without it")
    if len(given["SECRET_KEY"]) < _SHORTEST_SECRET:
        raise SettingError(f"SECRET_KEY is shorter than {_SHORTEST_SECRET} characters")


def _demo_secrets(instance: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Secrets of the local demo: made once, stored in a file that only its owner can read."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "demo-secrets.json"
    if not path.exists():
        new_secrets = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "FIELD_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
            "LEDGER_SIGNING_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(new_secrets, indent=1), encoding="utf-8")
        # Two processes may start at once: the link of the second fails; it reads the first file.
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    stored: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    stored["DATABASE_URL"] = f"sqlite:///{instance / 'fund.sqlite3'}"
    return {name: environment.get(name) or value for name, value in stored.items()}


def _database_url(url: str) -> str:
    """``url`` with the name of the installed driver."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            url = "postgresql+psycopg://" + url.removeprefix(scheme)
    try:
        make_url(url)
    except (ArgumentError, ValueError) as error:
        # The URL may contain a password, so it is not shown.
        raise SettingError(
            "DATABASE_URL cannot be read; write postgresql://user:password@host/name "
            "or sqlite:////path/fund.sqlite3"
        ) from error
    return url


def _scanner(environment: Mapping[str, str]) -> str:
    """The address of the virus scanner, or an empty text."""
    address = environment.get("CLAMAV_ADDRESS", "").strip()
    _host, colon, port = address.rpartition(":")
    if address and "/" not in address and not (colon and port.isascii() and port.isdigit()):
        raise SettingError(
            "CLAMAV_ADDRESS cannot be read; write host:3310 or the path of the scanner's socket"
        )
    return address


def _refuse_unreadable_limits(limits: Mapping[str, object]) -> None:
    for name, value in limits.items():
        try:
            parse(str(value))
        except ValueError as error:
            raise SettingError(f"{name} cannot be read; write it like 10 per 5 minutes") from error


def _count(environment: Mapping[str, str], name: str) -> int:
    text = environment.get(name) or "0"
    if not (text.isascii() and text.isdigit()):
        raise SettingError(f"{name} is not a whole number")
    return int(text)
