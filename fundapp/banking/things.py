"""What the trail calls bank accounts, statements, their lines and the styles of their files."""

import re
from collections.abc import Collection, Mapping

from flask_babel import gettext as _
from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.banking.forms import bank_name
from fundapp.banking.models import (
    BankAccount,
    DayForm,
    Era,
    Statement,
    StatementLine,
    StatementProfile,
)
from fundapp.banking.statement_files.forms import ProfileForm
from fundapp.giving.models import Instalment, Slip, SlipRejection
from fundapp.ledger.things import NamesAccounts
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import rows_by
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.filters import day_short, label

_IMPORTED = re.compile(r"(\d+) new, (\d+) completed, (\d+) known, (\d+) no longer stated")
_UNDONE = re.compile(r"(\d+) lines count no longer")


class BankAccountThing(NamesAccounts):
    """A bank account of the fund, by its code."""

    name = "bank_account"
    label = N_("Bank account")
    endpoint = "banking.account"
    argument = "code"
    account_fields = frozenset({"account_code"})
    fields = {
        "name": N_("Name"),
        "bank_code": N_("Bank"),
        "account_number": N_("Account number"),
        "account_code": N_("Account of the books"),
        "promptpay_biller_id": N_("Biller id"),
        "promptpay_id": N_("PromptPay id"),
    }

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Names and codes."""
        rows = rows_by(select(BankAccount.code, BankAccount.name), BankAccount.code, refs)
        return {code: Thing(f"{name} ({code})", code) for code, name in rows}

    def value(self, name: str, text: str) -> str:
        """Banks by their names."""
        return bank_name(text) if name == "bank_code" and text else text


class StatementThing(ThingKind):
    """An imported statement, by its account and days."""

    name = "statement"
    label = N_("Bank statement")
    endpoint = "banking.statement"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """KTB-MAIN · 1 Nov 2026 – 24 Nov 2026."""
        columns = (Statement.bank_account_code, Statement.from_on, Statement.to_on)
        rows = rows_by(select(Statement.public_id, *columns), Statement.public_id, refs)
        return {
            public_id: Thing(f"{code} · {day_short(first)} – {day_short(last)}", public_id)
            for public_id, code, first, last in rows
        }

    def note(self, event: AuditEvent) -> str:
        """How many lines came or went."""
        if found := _IMPORTED.fullmatch(event.note):
            return _(
                "Lines: %(new)s new, %(completed)s completed, %(known)s known, %(gone)s no longer "
                "stated",
                new=found[1], completed=found[2], known=found[3], gone=found[4],
            )  # fmt: skip
        if found := _UNDONE.fullmatch(event.note):
            return _("Lines that count no longer: %(count)s", count=found[1])
        return event.note


class LineThing(ThingKind):
    """A line of a statement, by its account, day and amount."""

    name = "statement_line"
    label = N_("Line of a statement")
    endpoint = "banking.line"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """KTB-MAIN · 24 Nov 2026 · 500.00."""
        line = StatementLine
        columns = (
            line.bank_account_code,
            line.booked_on,
            line.deposit_satang - line.withdrawal_satang,
        )
        return {
            public_id: Thing(f"{code} · {day_short(booked_on)} · {format_baht(satang)}", public_id)
            for public_id, code, booked_on, satang in rows_by(
                select(line.public_id, *columns), line.public_id, refs
            )
        }


class ProfileThing(ThingKind):
    """A style of statement files, by its code."""

    name = "statement_profile"
    label = N_("Style of statement files")
    endpoint = "banking.edit_profile"
    argument = "code"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Titles and codes."""
        columns = (StatementProfile.code, StatementProfile.title)
        rows = rows_by(select(*columns), StatementProfile.code, refs)
        return {code: Thing(f"{title} ({code})", code) for code, title in rows}

    def value(self, name: str, text: str) -> str:
        """Forms of days and eras by their labels."""
        if name == "day_form" and text in set(DayForm):
            return label(DayForm(text))
        return label(Era(text)) if name == "era" and text in set(Era) else text

    def _field(self, name: str) -> str:
        """As the form calls it."""
        field = getattr(ProfileForm, name, None)
        return name if field is None else str(field.args[0])


class SlipThing(ThingKind):
    """A slip that a donor sent, by the reference of the instalment it is for."""

    name = "slip"
    label = N_("Slip")
    endpoint = "banking.slip"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """References."""
        named = select(Slip.public_id, Instalment.reference).join(Slip.instalment)
        rows = rows_by(named, Slip.public_id, refs)
        return {public_id: Thing(reference, public_id) for public_id, reference in rows}

    def note(self, event: AuditEvent) -> str:
        """Why it was not accepted."""
        is_reason = event.note in set(SlipRejection)
        return label(SlipRejection(event.note)) if is_reason else event.note


THINGS = (BankAccountThing(), StatementThing(), LineThing(), ProfileThing(), SlipThing())
