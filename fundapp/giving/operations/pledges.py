"""Pledges are made, and open-ended ones extended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import Base, connection_of_work, db
from fundapp.db.many_rows import write_rows
from fundapp.db.prepared import Prepared, Row, Run, Values, insert_of, run_all, values_of
from fundapp.errors import NotFoundError, require_readable_name
from fundapp.giving import emails, policy, schedule
from fundapp.giving.drafts import PledgeTerms
from fundapp.giving.errors import (
    BelowMinimumError,
    FundClosedToGiftsError,
    PledgeKnownError,
    ScheduleError,
)
from fundapp.giving.locking import lock_pledge
from fundapp.giving.models import Donor, Frequency, Pledge, PledgeStatus
from fundapp.giving.sharing import check_shares, require_shared_funds, share_runs
from fundapp.giving.steps import (
    comparable_address,
    extend,
    find_donor_run,
    instalment_rows,
    instalment_runs,
    keep_details,
    new_donor,
)
from fundapp.giving.workflow import PledgeAction, next_pledge_status
from fundapp.identity.queries import USER_ID_BY_EMAIL
from fundapp.ids import new_id, new_public_id
from fundapp.ledger.models import Fund, FundStatus
from fundapp.mail.operations import queue_message
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.trail.operations import event_run, record_event, record_events

# Run without the session, all that is asked at once and all that is written at once: on SQLite
# every other writer waits during a unit of work.
# The fund stays as it is until the pledge is written.
_TAKES_FROM = Prepared(
    "fund_of_gift",
    select(Fund.minimum_satang)
    .where(Fund.code == bindparam("code"), Fund.accepts_gifts, Fund.status == FundStatus.OPEN)
    .with_for_update(read=True, key_share=True),
)
_MADE_WITH = Prepared(
    "pledge_of_form",
    select(Pledge.form_digest, Pledge.token, Pledge.amount_satang).where(
        Pledge.idempotency_key == bindparam("key")
    ),
)
_ACCOUNT_OF = Prepared("account_of_address", USER_ID_BY_EMAIL)
_INSERT_DONOR, _INSERT_PLEDGE = insert_of(Donor), insert_of(Pledge)
_PLEDGES, _INSTALMENTS = (Base.metadata.tables[name] for name in ("pledges", "instalments"))


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known before a pledge is made: the pledge that the same form made, the least that the
    fund takes (satang; None when it takes no gifts), and the ids of the donor and of the account
    with the address.
    """

    made: Row | None
    minimum_satang: int | None
    donor_id: int | None
    account_id: int | None


def make_pledge(terms: PledgeTerms, *, actor: Actor) -> str:
    """Write a pledge with its dated instalments, each with a reference of its own; its token.

    A donor's account shows the pledge at once if its owner made it; else its mailbox gets a link to
    confirm it. Raises ForbiddenError, FundClosedToGiftsError, BelowMinimumError, ScheduleError,
    UnreadableNameError, and PledgeKnownError when the same form made a pledge of other content.
    """
    require(policy.may_make_pledge(actor))
    db.session.flush()
    found = _find(terms)
    if found.made is not None:
        return _earlier(terms, found.made)
    _check(terms)
    _require_fund(terms, found.minimum_satang)
    known = _known_donor(terms, found)
    donor = (
        values_of(known)
        if known
        else new_donor(
            terms.name,
            address=comparable_address(terms.email),
            locale=terms.locale,
            kind=terms.kind,
            phone=terms.phone,
        )
    )
    pledge = _pledge(terms, donor)
    owner_id = _show_in_account(pledge, donor, terms, found, actor)
    if known is not None:
        known.user_id = owner_id
    runs = [] if known else _donor_runs({**donor, "user_id": owner_id}, actor)
    runs += _pledge_runs(pledge, terms, actor)
    run_all(connection_of_work(), runs)
    keep_details(pledge["id"], terms)
    return str(pledge["token"])


def make_pledges(many: Sequence[PledgeTerms], *, actor: Actor) -> int:
    """Write many pledges of known donors at once, each as `make_pledge` does, with its errors; how
    many. The fund's own books say whose they are, so accounts show them at once.
    """
    require(policy.may_import_donors(actor))
    connection = connection_of_work()
    codes = sorted({terms.fund_code for terms in many})
    funds = run_all(connection, [_TAKES_FROM.run(code=code) for code in codes])
    minimums = {code: rows[0][0] for code, rows in zip(codes, funds, strict=True) if rows}
    pledges, instalments = [], []
    for terms in many:
        _check(terms)
        _require_fund(terms, minimums.get(terms.fund_code))
        pledge = {**_pledge(terms, {"id": terms.donor_id}), "confirmed_at": clock.now()}
        pledges.append(pledge)
        instalments += instalment_rows(pledge["id"], _first_instalments(terms))
    for table, rows in ((_PLEDGES, pledges), (_INSTALMENTS, instalments)):
        write_rows(connection, table, rows)
    refs = (str(pledge["id"]) for pledge in pledges)
    record_events("giving:pledge:make", actor=actor, subject_type="pledge", subject_refs=refs)
    return len(pledges)


def extend_schedule(token: str, *, actor: Actor) -> Pledge:
    """Give an open-ended pledge its next instalments, up to `schedule.HORIZON` unpaid ones with a
    due date from today on.

    Nothing happens to a counted pledge. Raises ForbiddenError, NotFoundError and PledgeStateError.
    """
    require(policy.may_extend_schedule(actor))
    pledge = lock_pledge(Pledge.token == token)
    pledge.status = next_pledge_status(pledge.status, PledgeAction.EXTEND)
    if extend(pledge, clock.today()):
        record_event(
            "giving:pledge:extend", actor=actor, subject_type="pledge", subject_ref=str(pledge.id)
        )
    db.session.flush()
    return pledge


def _check(terms: PledgeTerms) -> None:
    count = terms.instalment_count
    in_range = count is None or 1 <= count <= schedule.MAXIMUM_INSTALMENTS
    if not in_range or (terms.frequency is Frequency.ONCE and count != 1):
        raise ScheduleError(N_("A single gift has one instalment, a pledge at most 600."))
    if terms.amount_satang <= 0:
        raise ScheduleError(N_("The amount must be more than zero."), field="amount")
    check_shares(terms)
    if terms.each_satang is not None and terms.amount_satang != terms.each_satang * (count or 0):
        raise ScheduleError(field="amount")
    require_readable_name(terms.name, field="name")
    require_readable_name(terms.in_honour_of, field="in_honour_of")
    require_readable_name(terms.payer_name, field="payer_name")


def _find(terms: PledgeTerms) -> _Found:
    """All that has to be known, in one round trip."""
    address = comparable_address(terms.email)
    asked = [
        _MADE_WITH.run(key=terms.idempotency_key),
        _TAKES_FROM.run(code=terms.fund_code),
        find_donor_run(terms.name, address, terms.kind),
        _ACCOUNT_OF.run(email=address),
    ]
    made, funds, donors, accounts = run_all(connection_of_work(), asked)
    return _Found(
        made=made[0] if made else None,
        minimum_satang=funds[0][0] if funds else None,
        donor_id=terms.donor_id or (donors[0][0] if donors else None),
        account_id=accounts[0][0] if accounts else None,
    )


def _earlier(terms: PledgeTerms, made: Row) -> str:
    """The token of the pledge that the form made before; PledgeKnownError when it said something
    else.
    """
    digest, token, satang = made
    if digest != terms.digest:
        raise PledgeKnownError(token=token, amount_satang=satang)
    return str(token)


def _known_donor(terms: PledgeTerms, found: _Found) -> Donor | None:
    if found.donor_id is None:
        return None
    known = db.session.get(Donor, found.donor_id)
    if known is None and terms.donor_id is not None:
        raise NotFoundError
    return known


def _show_in_account(
    pledge: Values, donor: Values, terms: PledgeTerms, found: _Found, actor: Actor
) -> int | None:
    """Show a new pledge in the donor's account if its owner made it, or whoever knows the donor;
    else send the mailbox a link to confirm it, if there is an account to show it. The id of the
    account that the donor is connected with from now on.
    """
    owner_id: int | None = donor["user_id"]
    if terms.donor_id is not None:
        pledge["confirmed_at"] = clock.now()
    elif donor["email"] is not None:
        if found.account_id is not None and found.account_id == actor.user_id:
            owner_id = owner_id or found.account_id
            if owner_id == found.account_id:
                pledge["confirmed_at"] = clock.now()
                return owner_id
        if found.account_id is not None or owner_id is not None:
            pledge["confirmation_code"] = new_public_id()
            fund = db.session.get_one(Fund, terms.fund_code)
            message = emails.confirm_gift(Pledge(**pledge), Donor(**donor), fund)
            queue_message(message, actor=actor)
    return owner_id


def _donor_runs(donor: Values, actor: Actor) -> list[Run]:
    """What writes a new donor, with what the trail says of it."""
    registered = event_run(
        "giving:donor:register",
        actor=actor,
        subject_type="donor",
        subject_ref=donor["public_id"],
    )
    return [_INSERT_DONOR.run(**donor), registered]


def _pledge_runs(pledge: Values, terms: PledgeTerms, actor: Actor) -> list[Run]:
    """What writes the pledge, its shares and its instalments, with what the trail says of it."""
    made = event_run(
        "giving:pledge:make", actor=actor, subject_type="pledge", subject_ref=str(pledge["id"])
    )
    parts = instalment_runs(pledge["id"], _first_instalments(terms))
    return [made, _INSERT_PLEDGE.run(**pledge), *share_runs(pledge["id"], terms), *parts]


def _pledge(terms: PledgeTerms, donor: Values) -> Values:
    """The values of the pledge's row."""
    return {
        "id": new_id(),
        "token": new_public_id(),
        "donor_id": donor["id"],
        "fund_code": terms.fund_code,
        "amount_satang": terms.amount_satang,
        "each_satang": terms.each_satang,
        "frequency": terms.frequency,
        "instalment_count": terms.instalment_count,
        "starts_on": terms.starts_on,
        "method": terms.method,
        "donor_name": terms.name,
        "is_anonymous": terms.is_anonymous,
        "locale": terms.locale,
        "status": PledgeStatus.ACTIVE,
        "idempotency_key": terms.idempotency_key,
        "form_digest": None if terms.idempotency_key is None else terms.digest,
        "created_at": clock.now(),
        "confirmed_at": None,
        "confirmation_code": None,
        "is_split": bool(terms.shares),
    }


def _require_fund(terms: PledgeTerms, minimum: int | None) -> None:
    """The fund takes gifts, and this is no less than it asks for."""
    if minimum is None:
        raise FundClosedToGiftsError(field="fund")
    if terms.amount_satang < minimum:
        raise BelowMinimumError(field="amount", params={"minimum": format_baht(minimum)})
    if terms.shares:
        require_shared_funds(terms)


def _first_instalments(terms: PledgeTerms) -> list[tuple[date, int]]:
    count = terms.instalment_count
    if count is None:
        dates = schedule.due_dates(terms.frequency, terms.starts_on, schedule.HORIZON)
        return [(due_on, terms.amount_satang) for due_on in dates]
    dates = schedule.due_dates(terms.frequency, terms.starts_on, count)
    return list(zip(dates, schedule.amounts(terms.amount_satang, count), strict=True))
