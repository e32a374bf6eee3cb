"""Verifying the bank details of payees: one request, a page of them, and those that were verified
for an earlier request.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.db import db
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.errors import (
    AccountRefutedError,
    AccountWordsError,
    NoAccountError,
    NothingTickedError,
)
from fundapp.disbursements.holds import require_no_hold
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import (
    AccountAnswer,
    AccountCheck,
    CheckedBy,
    DisbursementRequest,
    PayeeKind,
    PayoutMethod,
)
from fundapp.disbursements.payees import is_payee_on_file
from fundapp.disbursements.policy import (
    current_check,
    is_account_refuted,
    may_verify_account,
    may_verify_accounts,
)
from fundapp.disbursements.queries.account_checks import (
    AccountWarning,
    find_account_warnings,
    find_earlier_check,
    list_accounts_to_verify,
)
from fundapp.disbursements.queries.vendors import version_paid
from fundapp.disbursements.queries.visibility import shown_parts
from fundapp.disbursements.reader import account_of, children_of, payee_name_of
from fundapp.disbursements.steps import (
    require_action,
    require_allowed,
    require_consents,
    require_same_facts,
    require_separate_hands,
    write_reason,
)
from fundapp.disbursements.vendor_reader import phone_of
from fundapp.disbursements.workflow import Action
from fundapp.ledger.drafts import public_memo
from fundapp.paging import Page
from fundapp.remarks.models import ReasonCode, Remark, RemarkKind
from fundapp.thai.names import fold_name
from fundapp.trail.operations import record_event

#: Children among whose guardians the payee's number is looked for.
_LOOKED_AT = 50
#: A version has fewer digits; longer numbers are no numbers that a page sends.
_MOST_DIGITS = 19


@dataclass(frozen=True, slots=True)
class AccountToVerify:
    """A line of the list. Where a consent has ended nothing of the payee is shown."""

    request: DisbursementRequest
    warnings: frozenset[AccountWarning]
    is_shown: bool
    is_on_file: bool = False
    payee_name: str = field(default="", repr=False)
    account: PayeeAccount | None = field(default=None, repr=False)
    phone: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        """What a tick says: the request, and which version of it was on the page."""
        return f"{self.request.public_id}.{self.request.version}"


def read_accounts_to_verify(*, after: int | None = None, actor: Actor) -> Page[AccountToVerify]:
    """The bank details that the actor can verify, the oldest first, each read for this; raises
    ForbiddenError.
    """
    require(may_verify_accounts(actor))
    page = list_accounts_to_verify(actor, after=after)
    warnings = find_account_warnings([request.id for request in page.rows])
    return Page([_to_verify(each, warnings, actor) for each in page.rows], page.next_key)


def verify_account(
    public_id: str,
    *,
    version: int,
    answer: AccountAnswer,
    checked_by: CheckedBy,
    words: str = "",
    actor: Actor,
) -> AccountCheck:
    """Note what the actor found of the bank details, of the request as it was shown. It does not
    change the request; where they differ it cannot be approved or paid, and nobody notes otherwise
    before it says something else. Twice is once.

    Raises NotFoundError, StaleError, ThreePeopleError, NotYoursError, ResetTogetherError,
    NoAccountError, NoConsentError, NoSensitiveConsentError, FactsChangedError, AccountRefutedError,
    AccountWordsError, PersonalDataError, NamedError, and what holds the request elsewhere, when
    they differ.
    """
    request, actor = lock_request(public_id, version=version, actor=actor)
    if request.payout_method is PayoutMethod.CASH:
        raise NoAccountError
    require_action(request, Action.VERIFY)
    require_allowed(may_verify_account(actor, request), actor, request)
    require_separate_hands(request, actor)
    require_consents(children_of(request), request.need, request.fund)
    require_same_facts(request, Reader(actor, Purpose.ACCOUNT))
    known = current_check(request)
    if known is not None and (known.answer, known.checked_by_id) == (answer, actor.user_id):
        return known
    if answer is AccountAnswer.MATCHES and is_account_refuted(request):
        raise AccountRefutedError
    cleaned = public_memo(words, field="words").strip()
    if answer is AccountAnswer.DIFFERS:
        require_no_hold(request)
        if not cleaned:
            raise AccountWordsError(field="words")
    remark = _write_words(request, cleaned, actor)
    verb = "verify" if answer is AccountAnswer.MATCHES else "verify-differs"
    return _note(request, answer, checked_by, remark=remark, verb=verb, actor=actor)


def verify_accounts(
    keys: Collection[str], *, checked_by: CheckedBy, actor: Actor
) -> Sequence[AccountCheck]:
    """Note that the bank details of these requests belong to their payees, all or none; ``keys``
    are those of `AccountToVerify`. Raises as `verify_account` does, and NothingTickedError.
    """
    require(may_verify_accounts(actor))
    if not keys:
        raise NothingTickedError(field="accounts")
    checks = []
    for key in sorted(set(keys)):
        public_id, _dot, version = key.rpartition(".")
        checks.append(
            verify_account(
                public_id,
                version=int(version) if version.isdecimal() and len(version) < _MOST_DIGITS else 0,
                answer=AccountAnswer.MATCHES,
                checked_by=checked_by,
                actor=actor,
            )
        )
    return checks


def use_earlier_check(request: DisbursementRequest, *, actor: Actor) -> None:
    """Where the same account of the same payee on file was verified lately, it is for this request
    too, by whom it was. A step of sending a request in.
    """
    if request.payout_method is PayoutMethod.CASH:
        return
    earlier = find_earlier_check(request, clock.now())
    if earlier is not None:
        _note(
            request,
            AccountAnswer.MATCHES,
            CheckedBy.EARLIER,
            earlier=earlier,
            verb="verify-earlier",
            actor=actor,
        )


def _note(
    request: DisbursementRequest,
    answer: AccountAnswer,
    checked_by: CheckedBy,
    *,
    verb: str,
    actor: Actor,
    remark: Remark | None = None,
    earlier: AccountCheck | None = None,
) -> AccountCheck:
    check = AccountCheck(
        request_id=request.id,
        number=len(request.account_checks) + 1,
        requested_by_id=request.requested_by_id,
        facts_sha256=request.facts_sha256,
        answer=answer,
        checked_by=checked_by,
        earlier_id=earlier.id if earlier else None,
        words_digest=remark.digest if remark else None,
        checked_by_id=earlier.checked_by_id if earlier else actor.person_id,
        checked_at=clock.now(),
    )
    request.account_checks.append(check)
    db.session.flush()
    record_event(
        f"disbursements:request:{verb}",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=request.public_id,
        note=remark.trace if remark else "",
    )
    return check


def _write_words(request: DisbursementRequest, words: str, actor: Actor) -> Remark | None:
    if not words:
        return None
    return write_reason(request, words, ReasonCode.OTHER, RemarkKind.DECISION, actor, "words")


def _to_verify(
    request: DisbursementRequest, warnings: dict[int, set[AccountWarning]], actor: Actor
) -> AccountToVerify:
    against = frozenset(warnings.get(request.id, ()))
    if not shown_parts(actor, request, clock.today()).payee:
        return AccountToVerify(request, against, is_shown=False)
    reader = Reader(actor, Purpose.ACCOUNT)
    name = payee_name_of(request, reader)
    return AccountToVerify(
        request,
        against,
        is_shown=True,
        is_on_file=is_payee_on_file(request, reader),
        payee_name=name,
        account=account_of(request, reader),
        phone=_phone_on_file(request, name, reader),
    )


def _phone_on_file(request: DisbursementRequest, payee: str, reader: Reader) -> str:
    """The payee's telephone number on the files of the children, or in the register of vendors;
    empty where there is none.
    """
    vendor = version_paid(request)
    if vendor is not None:
        return phone_of(vendor)
    if request.payee_kind is not PayeeKind.GUARDIAN:
        return ""
    for child in children_of(request)[:_LOOKED_AT]:
        guardian = reader.guardian(child)
        if guardian.phone and fold_name(guardian.name) == fold_name(payee):
            return guardian.phone
    return ""
