"""What of banking two people change: bank accounts, what pays into them, styles of statements."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.banking.forms import bank_name
from fundapp.banking.models import BankAccount, DayForm, Era, StatementProfile
from fundapp.banking.operations.accounts import (
    ACCOUNT_RELEASE,
    BANK_ACCOUNT,
    PROMPTPAY,
    change_promptpay,
    open_bank_account,
    release_account,
)
from fundapp.banking.operations.profiles import PROFILE, save_profile
from fundapp.banking.queries.accounts import find_bank_account
from fundapp.banking.statement_files.forms import ProfileForm
from fundapp.banking.statement_files.profiles import Profile, check_profile
from fundapp.banking.statement_files.queries import profile_of, texts_of
from fundapp.banking.steps import check_new_account, promptpay_values
from fundapp.db import db
from fundapp.ledger.kinds import account_labels
from fundapp.markers import N_
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import label


class _OfBanking(ProposalKind):
    """Officers and administrators propose; administrators, who move no money, confirm."""

    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.BANK_ACCOUNT_OPEN

    def subject_label(self, subject: str) -> str:
        """The code."""
        return subject


class BankAccountKind(_OfBanking):
    """A new bank account of the fund."""

    name = BANK_ACCOUNT
    title = N_("Opening a bank account")

    def read(self, subject: str) -> Values:
        """Nothing, while there is no account of this code."""
        account = db.session.get(BankAccount, subject)
        return {} if account is None else {"number": account.account_number}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Everything is written right, and the code and the account of the books are free."""
        check_new_account(subject, **after)

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Add it."""
        open_bank_account(proposal.subject, **proposal.after, actor=actor)

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """What the bank calls it, its numbers and its mirror in the books."""
        names = account_labels() if any(many) else {}
        return [self._rows(values, names) for values in many]

    @staticmethod
    def _rows(values: Values, names: Mapping[str, str]) -> list[Row]:
        labels = {
            "name": _("Name"),
            "bank_code": _("Bank"),
            "account_number": _("Account number"),
            "account_code": _("Account of the books"),
            "promptpay_biller": _("Biller id"),
            "promptpay_id": _("PromptPay id"),
        }
        shown = {key: str(values[key]) for key in labels if key in values}
        if shown:
            shown["bank_code"] = bank_name(shown["bank_code"])
            code = shown["account_code"]
            shown["account_code"] = names.get(code, code)
        return [(labels[key], text) for key, text in shown.items()]


class PromptPayKind(_OfBanking):
    """What pays into a bank account."""

    name = PROMPTPAY
    title = N_("PromptPay of a bank account")

    def read(self, subject: str) -> Values:
        """The ids now."""
        return promptpay_values(find_bank_account(subject))

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """The ids were read when it was proposed; the operation reads them again."""

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Change them."""
        account = find_bank_account(proposal.subject)
        change_promptpay(account.code, **proposal.after, version=account.version, actor=actor)

    def rows(self, values: Values) -> list[Row]:
        """Both ids."""
        return [
            (_("Biller id"), values["promptpay_biller"]),
            (_("PromptPay id"), values["promptpay_id"]),
        ]


class AccountReleaseKind(_OfBanking):
    """A frozen bank account is used again."""

    name = ACCOUNT_RELEASE
    title = N_("Releasing a frozen bank account")

    def read(self, subject: str) -> Values:
        """Whether it is frozen."""
        return {"is_frozen": find_bank_account(subject).is_frozen}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """There is only one thing to propose; freezing one person does alone."""

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Release it."""
        release_account(proposal.subject, actor=actor)

    def rows(self, values: Values) -> list[Row]:
        """Whether it is used."""
        return [(_("Bank account"), _("frozen") if values["is_frozen"] else _("in use"))]


class ProfileKind(_OfBanking):
    """A style of statement files."""

    name = PROFILE
    title = N_("Style of statement files")
    applies_with: ClassVar[Permission] = Permission.STATEMENT_PROFILE_SAVE

    def read(self, subject: str) -> Values:
        """The style now; nothing, while there is none of this code."""
        row = db.session.get(StatementProfile, subject)
        return {} if row is None else texts_of(profile_of(row))

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Files can be read in it."""
        check_profile(_profile(subject, after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Save it."""
        row = db.session.get(StatementProfile, proposal.subject)
        version = None if row is None else row.version
        save_profile(_profile(proposal.subject, proposal.after), version=version, actor=actor)

    def rows(self, values: Values) -> list[Row]:
        """Every heading and word, as the form names them."""
        if not values:
            return []
        forms = {"day_form": DayForm(values["day_form"]), "era": Era(values["era"])}
        shown = {**values, **{key: label(form) for key, form in forms.items()}}
        return [(str(getattr(ProfileForm, key).args[0]), text) for key, text in shown.items()]


KINDS = (BankAccountKind(), PromptPayKind(), AccountReleaseKind(), ProfileKind())
#: What is proposed for a frozen account.
RELEASED = {"is_frozen": False}


def _profile(code: str, values: Values) -> Profile:
    """The style that a proposal wrote."""
    forms = {"day_form": DayForm(values["day_form"]), "era": Era(values["era"])}
    return profile_of(StatementProfile(code=code, **{**values, **forms}))
