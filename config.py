"""Settings, read from the environment once, at start-up.

Without `PUBLIC_URL`, or with a loopback one, the program is a local demo: its SQLite database and
its secrets are under ``instance/``. With any other `PUBLIC_URL` it is in service: it refuses to
start unless every secret it needs is set, and names the missing one. Nothing else, such as the
name of an environment, makes this difference.

Only commands and the worker use `LEDGER_SIGNING_KEY`: whoever serves the pages need not have it.
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
from limits.storage import storage_from_string
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_NEEDED_IN_SERVICE = ("DATABASE_URL", "SECRET_KEY", "FIELD_KEYS")
_SHORTEST_SECRET = 32


class SettingError(ClickException):
    """A setting is missing or cannot be used; the message names it and says what to do.

    The command line shows the message alone, without a stack trace.
    """


def load(instance: Path, environment: Mapping[str, str] = os.environ) -> dict[str, object]:
    """Every setting of the application. Raises SettingError."""
    public_url = _public_url(environment)
    limits = {**LIMITS, **{name: environment[name] for name in LIMITS if environment.get(name)}}
    _refuse_unreadable_limits(limits)
    in_service = bool(public_url) and urlsplit(public_url).hostname not in _LOOPBACK
    if in_service:
        given = {name: environment.get(name, "") for name in _NEEDED_IN_SERVICE}
        _refuse_incomplete(given, public_url)
    else:
        given = _demo_secrets(instance, environment)
    secure = public_url.startswith("https://")
    port = _count(environment, "PORT", "8000", most=65535)
    return {
        "DEMO": not in_service,
        "PUBLIC_URL": public_url or f"http://127.0.0.1:{port}",
        "SECRET_KEY": given["SECRET_KEY"],
        "FIELD_KEYS": given["FIELD_KEYS"],
        "LEDGER_SIGNING_KEY": given.get("LEDGER_SIGNING_KEY")
        or environment.get("LEDGER_SIGNING_KEY", ""),
        "LEDGER_CHECKPOINT_FILE": environment.get("LEDGER_CHECKPOINT_FILE")
        or _checkpoint_file(given["DATABASE_URL"], instance),
        "SQLALCHEMY_DATABASE_URI": _database_url(given["DATABASE_URL"]),
        "DOCUMENTS_URL": _documents_url(environment) or f"file://{instance / 'documents'}",
        "SMTP_URL": environment.get("SMTP_URL", ""),
        "BOUNCES_URL": _bounces(environment),
        "CLAMAV_ADDRESS": _scanner(environment),
        "RATELIMIT_STORAGE_URI": _limit_store(environment, in_service=in_service),
        **_promptpay(environment, in_service=in_service),
        **_stripe(environment),
        **_line(environment),
        "TRUSTED_PROXIES": _proxies(environment, public_url),
        "SECURE": secure,
        "SESSION_COOKIE_NAME": "__Host-form" if secure else "form",
        "SESSION_TOKEN_COOKIE": "__Host-sid" if secure else "sid",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": MOST_SENT,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        **FUND,
        "RECEIPT_SIGNER": environment.get("RECEIPT_SIGNER", ""),
        "RECEIPT_SIGNER_POSITION": environment.get("RECEIPT_SIGNER_POSITION", ""),
        **limits,
        **ARGON2,
    }


#: Bytes of a request. More than any file may have: a file that is somewhat too large is read, so
#: that its form comes back with everything typed and says so beside the field.
MOST_SENT = 32 * 1024 * 1024

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
    "LIMIT_SIGN_IN_LINK": "20 per hour",
    "LIMIT_SIGN_IN_LINK_EMAIL": "3 per hour",
    "LIMIT_FACTOR": "5 per 5 minutes",
    "LIMIT_FACTOR_HOUR": "20 per hour",
    "LIMIT_FACTOR_DAY": "50 per day",
    "LIMIT_FACTOR_VISITOR": "10 per 5 minutes",
    "LIMIT_FACTOR_VISITOR_HOUR": "50 per hour",
    # Of one address, which a mosque's Wi-Fi or a carrier's network shares; then of what is sent
    # without being typed, of one opened form, of very small gifts, of one e-mail address.
    "LIMIT_PLEDGE": "300 per hour",
    "LIMIT_PLEDGE_HASTY": "10 per hour",
    "LIMIT_PLEDGE_FORM": "5 per hour",
    "LIMIT_PLEDGE_SMALL": "30 per hour",
    "LIMIT_PLEDGE_EMAIL": "10 per hour",
    "LIMIT_FIND_PLEDGE": "20 per hour",
    "LIMIT_FIND_PLEDGE_EMAIL": "3 per hour",
    # Stolen cards are tried out where it costs nothing: ways to the processor from one address,
    # and of one pledge.
    "LIMIT_CHECKOUT": "30 per hour",
    "LIMIT_CHECKOUT_PLEDGE": "10 per hour",
    # Slips from one address, and of one pledge.
    "LIMIT_SLIP": "60 per hour",
    "LIMIT_SLIP_PLEDGE": "10 per hour",
    # Codes that somebody sends at LINE, right or wrong.
    "LIMIT_LINE_CODE": "10 per hour",
    # Failed payments from one address, and for how long it then opens no way to the processor.
    "LIMIT_CARD_FAILED": "5 per 3 minutes",
    "LIMIT_CARD_STOPPED": "1 per 30 minutes",
    # Of one receipt: each wish for a refund sends a message to its giver.
    "LIMIT_CONFIRM": "30 per hour",
    "LIMIT_REFUND": "6 per hour",
    # Concerns that are told from one address, and codes that are tried there.
    "LIMIT_CONCERN": "10 per hour",
    "LIMIT_CONCERN_CODE": "20 per hour",
    "LIMIT_EXPORT": "60 per hour",
    "LIMIT_RECEIPT": "30 per hour",
    "LIMIT_LOOK_UP": "60 per hour",
    "LIMIT_COMPARE": "300 per hour",
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


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _public_url(environment: Mapping[str, str]) -> str:
    """The address that people use, without a slash at its end; empty for the local demo."""
    url = environment.get("PUBLIC_URL", "").strip().rstrip("/")
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known or url != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        raise SettingError(
            "PUBLIC_URL cannot be used; write the scheme and the host alone, "
            "for example https://fund.example.go.th"
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise SettingError(
            "PUBLIC_URL begins with http, so passwords and children's names would be sent in "
            "clear; serve it by https and write https://"
        )
    return url


def _proxies(environment: Mapping[str, str], public_url: str) -> int:
    """How many proxies stand before the program."""
    count = _count(environment, "TRUSTED_PROXIES", "0", most=9)
    if public_url.startswith("https://") and not count:
        raise SettingError(
            "TRUSTED_PROXIES is not set, and PUBLIC_URL begins with https, which a proxy speaks "
            "for this program; write how many proxies are in front of it, usually 1. Without it "
            "every visitor has the address of the proxy, and one limit is for all of them"
        )
    return count


def _limit_store(environment: Mapping[str, str], *, in_service: bool) -> str:
    """Where tries are counted; empty for the database, which all processes share."""
    url = environment.get("RATE_LIMIT_STORAGE_URL", "").strip()
    if url.startswith("memory:"):
        several = environment.get("WEB_CONCURRENCY", "1") not in {"", "0", "1"}
        if in_service or several:
            raise SettingError(
                "RATE_LIMIT_STORAGE_URL is memory://, where each worker counts alone, so limits "
                "would not hold; leave it empty to count in the database"
            )
        return url
    if not url:
        return ""
    try:
        storage_from_string(url)
    except Exception as error:
        # The library says only by its own kinds of error what is missing; it may show a password.
        name = url.partition("://")[0]
        needs = " (pip install redis)" if name.startswith(("redis", "valkey")) else ""
        raise SettingError(
            f"RATE_LIMIT_STORAGE_URL cannot be used: its kind, {name}, is not known or its library "
            f"is not installed{needs}; or leave it empty to count in the database"
        ) from error
    return url


def _documents_url(environment: Mapping[str, str]) -> str:
    """Where documents are stored; empty for the folder of the instance."""
    url = environment.get("DOCUMENTS_URL", "").strip()
    parts = urlsplit(url)
    is_folder = parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")
    if url and not is_folder and (parts.scheme in {"", "file"} or not parts.netloc):
        raise SettingError(
            "DOCUMENTS_URL cannot be used; write file:///path/of/a/folder or s3://bucket/prefix"
        )
    return url


def _promptpay(environment: Mapping[str, str], *, in_service: bool) -> dict[str, str]:
    """The ids that receive PromptPay payments; the demo has an invented biller id."""
    biller_id = environment.get("PROMPTPAY_BILLER_ID", "")
    promptpay_id = environment.get("PROMPTPAY_ID", "")
    if biller_id and not (_are_digits(biller_id) and len(biller_id) == 15):
        raise SettingError("PROMPTPAY_BILLER_ID is not 15 digits; copy it from the bank's letter")
    bare = promptpay_id.replace("-", "").replace(" ", "").replace("+66", "0", 1)
    if promptpay_id and not (_are_digits(bare) and len(bare) in {10, 13, 15}):
        raise SettingError(
            "PROMPTPAY_ID is neither a mobile number of 10 digits, nor an identity or tax number "
            "of 13, nor an e-wallet of 15"
        )
    if not in_service and not biller_id and not promptpay_id:
        biller_id = _DEMO_BILLER
    return {"PROMPTPAY_BILLER_ID": biller_id, "PROMPTPAY_ID": promptpay_id}


def _stripe(environment: Mapping[str, str]) -> dict[str, str]:
    """The keys of the card processor; without the first no cards are taken."""
    key = environment.get("STRIPE_SECRET_KEY", "").strip()
    secret = environment.get("STRIPE_WEBHOOK_SECRET", "").strip()
    base = environment.get("STRIPE_API_BASE", "").strip().rstrip("/")
    if key and not secret:
        raise SettingError(
            "STRIPE_WEBHOOK_SECRET is not set, so notices of the card processor could not be told "
            "from forged ones; copy it from the page of the webhook at Stripe"
        )
    if base and not base.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise SettingError("STRIPE_API_BASE cannot be used; write https://host, or leave it empty")
    return {
        "STRIPE_SECRET_KEY": key,
        "STRIPE_WEBHOOK_SECRET": secret,
        "STRIPE_API_BASE": base,
    }


def _line(environment: Mapping[str, str]) -> dict[str, str]:
    """The account at LINE; without a token nobody is written to there."""
    token = environment.get("LINE_CHANNEL_TOKEN", "").strip()
    secret = environment.get("LINE_CHANNEL_SECRET", "").strip()
    base = environment.get("LINE_API_BASE", "").strip().rstrip("/")
    if token and not secret:
        raise SettingError(
            "LINE_CHANNEL_SECRET is not set, so what LINE tells could not be told from what is "
            "forged; copy it from the channel's page at LINE"
        )
    if base and not base.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise SettingError("LINE_API_BASE cannot be used; write https://host, or leave it empty")
    return {
        "LINE_CHANNEL_TOKEN": token,
        "LINE_CHANNEL_SECRET": secret,
        "LINE_API_BASE": base,
        "LINE_BASIC_ID": environment.get("LINE_BASIC_ID", "").strip(),
    }


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


def _checkpoint_file(url: str, instance: Path) -> str:
    """Where the last checkpoint is kept unless a setting says where: of each database another file,
    as another one has other books.
    """
    try:
        name = make_url(url).database or ""
    except (ArgumentError, ValueError):
        name = ""
    if url.startswith("sqlite") and name not in ("", ":memory:"):
        return f"{name}-checkpoint"
    return str(instance / f"ledger-checkpoint-{Path(name).name or 'database'}")


def _database_url(url: str) -> str:
    """``url`` with the name of the installed driver."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            url = "postgresql+psycopg://" + url.removeprefix(scheme)
    try:
        known = make_url(url).get_backend_name() in {"postgresql", "sqlite"}
    except (ArgumentError, ValueError):
        known = False
    if not known:
        # The URL may contain a password, so it is not shown.
        raise SettingError(
            "DATABASE_URL cannot be read; write postgresql://user:password@host/name "
            "or sqlite:////path/fund.sqlite3"
        )
    return url


def _scanner(environment: Mapping[str, str]) -> str:
    """The address of the virus scanner, or an empty text."""
    address = environment.get("CLAMAV_ADDRESS", "").strip()
    _host, colon, port = address.rpartition(":")
    if address and "/" not in address and not (colon and _are_digits(port)):
        raise SettingError(
            "CLAMAV_ADDRESS cannot be read; write host:3310 or the path of the scanner's socket"
        )
    return address


def _bounces(environment: Mapping[str, str]) -> str:
    """The mailbox to which reports of failed deliveries go, or an empty text. The password is sent
    over TLS, but for a server on this machine.
    """
    url = environment.get("BOUNCES_URL", "").strip()
    if not url:
        return ""
    parts = urlsplit(url)
    is_safe = parts.scheme == "imaps" or (parts.scheme == "imap" and parts.hostname in _LOOPBACK)
    if not (is_safe and parts.hostname and parts.username):
        raise SettingError("BOUNCES_URL cannot be used; write imaps://user:password@host:993/INBOX")
    return url


def _refuse_unreadable_limits(limits: Mapping[str, object]) -> None:
    for name, value in limits.items():
        try:
            amount = parse(str(value)).amount
        except ValueError:
            amount = 0
        if amount < 1:
            raise SettingError(f"{name} cannot be read; write it like 10 per 5 minutes")


def _count(environment: Mapping[str, str], name: str, usual: str, *, most: int) -> int:
    text = environment.get(name, "").strip() or usual
    if not (_are_digits(text) and int(text) <= most):
        raise SettingError(f"{name} is not a whole number of at most {most}")
    return int(text)
