"""The same gift in hordak, a double-entry ledger for Django: a transaction with two legs.

It runs in an environment of its own (requirements-bench.txt) that has nothing of the program. Its
models and the triggers that it brings are used as they come; a fund is an income account. The
connection stays open between gifts, so it is spared what a request costs in Django.
"""

import secrets
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

FUNDS = 40


def prepare(url: str) -> None:
    """Make its tables, a bank account, and an income account for each fund."""
    _set_up(url)
    call_command("migrate", verbosity=0)
    from hordak.models import Account, AccountType

    Account.objects.create(name="Bank", code="1", type=AccountType.asset, currencies=["THB"])
    for number in range(FUNDS):
        Account.objects.create(
            name=f"Fund {number}", code=f"4{number:02}", type=AccountType.income, currencies=["THB"]
        )


def steps(url: str, funds: int) -> Iterator[None]:
    """Post one gift at each step, on ``funds`` funds in turn by chance."""
    _set_up(url)
    from hordak.models import Account, Leg, Transaction
    from moneyed import Money

    bank = Account.objects.get(full_code="1")
    incomes = [Account.objects.get(full_code=f"4{number:02}") for number in range(funds)]
    money = Money(Decimal("1000.00"), "THB")
    while True:
        with transaction.atomic():
            entry = Transaction.objects.create(description=f"เงินบริจาค {secrets.token_hex(12)}")
            Leg.objects.create(transaction=entry, account=bank, debit=money)
            Leg.objects.create(transaction=entry, account=secrets.choice(incomes), credit=money)
        yield


def _set_up(url: str) -> None:
    parts = urlsplit(url)
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.removeprefix("/"),
                "USER": parts.username or "",
                "PASSWORD": parts.password or "",
                "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
                "PORT": parts.port or "",
                "CONN_MAX_AGE": None,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        HORDAK_CURRENCIES=["THB"],
        HORDAK_INTERNAL_CURRENCY="THB",
        DEFAULT_CURRENCY="THB",
    )
    django.setup()
