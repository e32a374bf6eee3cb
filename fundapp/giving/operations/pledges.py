"""Pledges are made, extended, changed, paused, resumed and cancelled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import connection_of_work, db
from fundapp.db.prepared import Prepared, Row, Run, Values, insert_of, run_all, values_of
from fundapp.errors import NotFoundError, StaleError, require_readable_name
from fundapp.giving import emails, policy, schedule
from fundapp.giving.channels.queries import has_way
from fundapp.giving.drafts import PledgeTerms
from fundapp.giving.errors import (
    BelowMinimumError,
    FundClosedToGiftsError,
    FundPausedError,
    PledgeKnownError,
    ScheduleError,
)
from fundapp.giving.locking import lock_pledge
from fundapp.giving.models import Donor, Frequency, Pledge, PledgeStatus
from fundapp.giving.steps import (
    comparable_address,
    extend,
    find_donor_run,
    instalment_runs,
    new_donor,
)
from fundapp.giving.workflow import PledgeAction, next_pledge_status
from fundapp.identity.queries import USER_ID_BY_EMAIL
from fundapp.ids import new_id, new_public_id
from fundapp.ledger.models import Fund, FundStatus
from fundapp.mail.operations import queue_message
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.trail.operations import event_run, record_event

# Run without the session, all that is asked at once and all that is written at once: on SQLite
# every other writer waits during a unit of work.
# The fund stays as it is until the pledge is written.
_TAKES_FROM = Prepared(
    "fund_of_gift",
    select(Fund.minimum_satang)
    .where(Fund.code == bindparam("code"), Fund.accepts_gifts, Fund.status == FundStatus.OPEN)
    .with_for_update(read=True, key_share=True),
)
_OPEN = (
    select(Fund.code)
    .where(Fund.code == bindparam("code"), Fund.status == FundStatus.OPEN)
    .with_for_update(read=True, key_share=True)
)
_MADE_WITH = Prepared(
    "pledge_of_form",
    select(Pledge.form_digest, Pledge.token, Pledge.amount_satang).where(
        Pledge.idempotency_key == bindparam("key")
    ),
)
_ACCOUNT_OF = Prepared("account_of_address", USER_ID_BY_EMAIL)
_INSERT_DONOR, _INSERT_PLEDGE = insert_of(Donor), insert_of(Pledge)


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
    _require_fund(terms, found)
    known = _known_donor(terms, found)
    donor = (
        values_of(known)
        if known
        else new_donor(terms.name, address=comparable_address(terms.email), locale=terms.locale)
    )
    pledge = _pledge(terms, donor)
    owner_id = _show_in_account(pledge, donor, terms, found, actor)
    if known is not None:
        known.user_id = owner_id
    runs = [] if known else _donor_runs({**donor, "user_id": owner_id}, actor)
    runs += _pledge_runs(pledge, _first_instalments(terms), actor)
    run_all(connection_of_work(), runs)
    return str(pledge["token"])


def extend_schedule(token: str, *, actor: Actor) -> Pledge:
    """Give an open-ended pledge its next instalments, up to `schedule.HORIZON` unpaid ones with a
    due date from today on.

    Nothing happens to a counted pledge. Raises ForbiddenError, NotFoundError and PledgeStateError.
    """
    require(policy.may_extend_schedule(actor))
    pledge = lock_pledge(Pledge.token == token)
    pledge.status = next_pledge_status(pledge.status, PledgeAction.EXTEND)
    if extend(pledge, clock.today()):
        _record("extend", pledge, actor)
    db.session.flush()
    return pledge


def change_pledge(
    token: str, *, amount_satang: int, starts_on: date, actor: Actor, version: str | None = None
) -> Pledge:
    """Change the amount and the first due date of what is still to come.

    Instalments with a payment stay as they are, the others move; none is added or taken away.
    ``amount_satang`` is in the unit of the pledge: the new amount each time of an open-ended one
    and of one that was made so (`Pledge.each_satang`), else the new total; ``version`` is that of
    the terms the actor saw (`policy.version_of`). Raises ForbiddenError, NotFoundError,
    PledgeStateError, StaleError when somebody changed the terms meanwhile, and ScheduleError when
    the new amount does not cover what stays; FundPausedError for a higher amount while the fund is
    not open.
    """
    require(policy.may_change_pledge(actor))
    pledge = lock_pledge(Pledge.token == token)
    if version not in (None, policy.version_of(pledge)):
        raise StaleError
    pledge.status = next_pledge_status(pledge.status, PledgeAction.CHANGE)
    if amount_satang > (pledge.each_satang or pledge.amount_satang):
        _require_open(pledge, field="amount")
    unpaid = [instalment for instalment in pledge.instalments if instalment.paid_satang == 0]
    fixed_satang = sum(
        instalment.amount_satang for instalment in pledge.instalments if instalment.paid_satang
    )
    amounts = _new_amounts(pledge, amount_satang, fixed_satang, len(unpaid))
    before = pledge.amount_satang, pledge.starts_on
    pledge.amount_satang, pledge.starts_on = amount_satang, starts_on
    if pledge.each_satang is not None:
        pledge.each_satang, pledge.amount_satang = amount_satang, fixed_satang + sum(amounts)
    dates = schedule.due_dates(pledge.frequency, starts_on, len(pledge.instalments))
    for instalment, satang in zip(unpaid, amounts, strict=True):
        instalment.amount_satang = satang
        instalment.due_on = dates[instalment.number - 1]
    changes = {
        "amount": (format_baht(before[0]), format_baht(pledge.amount_satang)),
        "starts_on": (before[1], starts_on),
    }
    _record("change", pledge, actor, changes)
    db.session.flush()
    return pledge


def pause_pledge(token: str, *, actor: Actor) -> Pledge:
    """Pause a pledge: nothing of it is overdue; payments on it are still recorded.

    Raises ForbiddenError, NotFoundError and PledgeStateError.
    """
    return _act(token, PledgeAction.PAUSE, actor)


def resume_pledge(token: str, *, actor: Actor) -> Pledge:
    """Resume a paused pledge.

    Raises ForbiddenError, NotFoundError, PledgeStateError, and FundPausedError while the fund is
    not open.
    """
    return _act(token, PledgeAction.RESUME, actor)


def cancel_pledge(token: str, *, actor: Actor) -> Pledge:
    """Cancel a pledge; what was paid is not returned.

    Raises ForbiddenError, NotFoundError and PledgeStateError.
    """
    return _act(token, PledgeAction.CANCEL, actor)


def _check(terms: PledgeTerms) -> None:
    count = terms.instalment_count
    in_range = count is None or 1 <= count <= schedule.MAXIMUM_INSTALMENTS
    if not in_range or (terms.frequency is Frequency.ONCE and count != 1):
        raise ScheduleError(N_("A single gift has one instalment, a pledge at most 600."))
    if terms.amount_satang <= 0:
        raise ScheduleError(N_("The amount must be more than zero."), field="amount")
    if terms.each_satang is not None and terms.amount_satang != terms.each_satang * (count or 0):
        raise ScheduleError(field="amount")
    require_readable_name(terms.name, field="name")


def _find(terms: PledgeTerms) -> _Found:
    """All that has to be known, in one round trip."""
    address = comparable_address(terms.email)
    asked = [
        _MADE_WITH.run(key=terms.idempotency_key),
        _TAKES_FROM.run(code=terms.fund_code),
        find_donor_run(terms.name, address),
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


def _pledge_runs(pledge: Values, parts: list[tuple[date, int]], actor: Actor) -> list[Run]:
    """What writes the pledge and its instalments, with what the trail says of it."""
    made = event_run(
        "giving:pledge:make", actor=actor, subject_type="pledge", subject_ref=str(pledge["id"])
    )
    return [made, _INSERT_PLEDGE.run(**pledge), *instalment_runs(pledge["id"], parts)]


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
    }


def _require_fund(terms: PledgeTerms, found: _Found) -> None:
    """The fund takes gifts, and this is no less than it asks for."""
    minimum = found.minimum_satang
    if minimum is None:
        raise FundClosedToGiftsError(field="fund")
    if terms.amount_satang < minimum:
        raise BelowMinimumError(field="amount", params={"minimum": format_baht(minimum)})


def _require_open(pledge: Pledge, field: str | None = None) -> None:
    """The fund is neither frozen nor closed, and stays so until the pledge is written."""
    if connection_of_work().scalar(_OPEN, {"code": pledge.fund_code}) is None:
        raise FundPausedError(field=field)


def _first_instalments(terms: PledgeTerms) -> list[tuple[date, int]]:
    count = terms.instalment_count
    if count is None:
        dates = schedule.due_dates(terms.frequency, terms.starts_on, schedule.HORIZON)
        return [(due_on, terms.amount_satang) for due_on in dates]
    dates = schedule.due_dates(terms.frequency, terms.starts_on, count)
    return list(zip(dates, schedule.amounts(terms.amount_satang, count), strict=True))


def _new_amounts(pledge: Pledge, satang: int, fixed_satang: int, count: int) -> list[int]:
    """The new amounts of ``count`` instalments; ``fixed_satang`` is in those that stay."""
    if pledge.instalment_count is None:
        return [satang] * count
    if pledge.each_satang is not None:
        if count == 0:
            raise ScheduleError(
                N_("Every part is paid or begun, so there is no amount left to change."),
                field="amount",
            )
        return [satang] * count
    rest_satang = satang - fixed_satang
    if rest_satang < 0 or (count == 0 and rest_satang > 0):
        raise ScheduleError(field="amount")
    return schedule.amounts(rest_satang, count) if count else []


def _act(token: str, action: PledgeAction, actor: Actor) -> Pledge:
    require(policy.may_change_pledge(actor))
    pledge = lock_pledge(Pledge.token == token)
    pledge.status = next_pledge_status(pledge.status, action)
    if action is PledgeAction.RESUME:
        _require_open(pledge)
    _record(action, pledge, actor)
    if action is PledgeAction.RESUME:
        extend(pledge, clock.today())
    db.session.flush()
    return pledge


def _record(
    verb: str,
    pledge: Pledge,
    actor: Actor,
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> None:
    record_event(
        f"giving:pledge:{verb}",
        actor=actor,
        subject_type="pledge",
        # Whoever knows the token can change the pledge, so the trail names the pledge by its id.
        subject_ref=str(pledge.id),
        changes=changes,
    )
    if policy.acts_for_office(actor) and verb != PledgeAction.EXTEND and has_way(pledge.donor):
        queue_message(emails.pledge_changed(pledge, PledgeAction(verb)), actor=actor)
