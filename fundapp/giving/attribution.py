"""Whose money it is that arrived, and what it is for: steps of recording payments."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.giving.donor_names import require_named
from fundapp.giving.drafts import IncomingPayment
from fundapp.giving.errors import (
    FundClosedToGiftsError,
    IncomingPaymentError,
    UnknownReferenceError,
)
from fundapp.giving.locking import lock_pledges
from fundapp.giving.models import Donor, Instalment, Pledge
from fundapp.giving.operations.donors import register_donor
from fundapp.giving.references import normalise_reference
from fundapp.ledger.errors import FundClosedError
from fundapp.ledger.models import Fund
from fundapp.markers import N_


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose payment it is, and what it is for: a pledge with its funds, or ``fund``; ``named`` is
    the instalment that the payer named.
    """

    donor: Donor
    fund: Fund
    pledge: Pledge | None
    named: Instalment | None
    donor_name: str
    is_anonymous: bool

    def keeps_in(self, account_code: str) -> bool:
        """Whether the money of each fund may be kept in this asset account."""
        return (self.pledge or self.fund).keeps_in(account_code)


@dataclass(frozen=True, slots=True)
class NamedPledges:
    """The locked pledges, their instalments, and their donors when there are many."""

    by_id: dict[int, Pledge]
    by_reference: dict[str, Instalment]
    donors: dict[int, Donor]


def lock_named_pledges(incomings: Sequence[IncomingPayment]) -> NamedPledges:
    """The pledges that payments name, locked, with their donors at hand."""
    references = {_reference(one) for one in incomings if one.instalment_reference is not None}
    ids = {one.pledge_id for one in incomings if one.pledge_id is not None}
    named = select(Instalment.pledge_id).where(Instalment.reference.in_(references))
    pledges = lock_pledges(Pledge.id.in_(ids) | Pledge.id.in_(named)) if references or ids else []
    donors = select(Donor).where(Donor.id.in_({pledge.donor_id for pledge in pledges}))
    return NamedPledges(
        {pledge.id: pledge for pledge in pledges},
        {row.reference: row for pledge in pledges for row in pledge.instalments},
        {donor.id: donor for donor in db.session.scalars(donors)} if len(pledges) > 1 else {},
    )


def _reference(incoming: IncomingPayment) -> str:
    return normalise_reference(incoming.instalment_reference or "")


def attribute(incoming: IncomingPayment, pledges: NamedPledges, actor: Actor) -> Attribution:
    """Whose the payment is and what it is for. Raises IncomingPaymentError, NotFoundError,
    UnknownReferenceError, FundClosedToGiftsError, FundClosedError.
    """
    named, pledge = _pledge(incoming, pledges)
    donor = _donor(incoming, pledge, actor)
    fund = _fund(incoming, pledge)
    if pledge is not None and donor.id == pledge.donor_id:
        name, anonymous = pledge.donor_name or donor.name, pledge.is_anonymous
    else:
        name, anonymous = donor.name, False
    require_named(incoming.payer_name, name, field="payer_name")
    is_anonymous = incoming.is_anonymous or anonymous or not name
    return Attribution(donor, fund, pledge, named, name, is_anonymous)


def _pledge(
    incoming: IncomingPayment, pledges: NamedPledges
) -> tuple[Instalment | None, Pledge | None]:
    """The instalment that the payer named and its pledge, or the pledge alone."""
    if incoming.instalment_reference is None:
        if incoming.pledge_id is not None and incoming.pledge_id not in pledges.by_id:
            raise NotFoundError
        return None, pledges.by_id.get(incoming.pledge_id or 0)
    named = pledges.by_reference.get(_reference(incoming))
    if named is None:
        raise UnknownReferenceError(field="reference")
    if incoming.pledge_id not in (None, named.pledge_id):
        raise IncomingPaymentError(
            N_("This reference belongs to another pledge."), field="reference"
        )
    return named, named.pledge


def _donor(incoming: IncomingPayment, pledge: Pledge | None, actor: Actor) -> Donor:
    donor_id = incoming.donor_id or (pledge.donor_id if pledge else None)
    if donor_id is None:
        return register_donor(incoming.payer_name, actor=actor)
    donor = db.session.get(Donor, donor_id)
    if donor is None:
        raise NotFoundError
    return donor


def _fund(incoming: IncomingPayment, pledge: Pledge | None) -> Fund:
    """The pledge's fund, the first of several, or the one that was chosen without a pledge."""
    named = incoming.fund_code
    if pledge is not None and named and named not in {fund.code for fund in pledge.funds}:
        raise IncomingPaymentError(
            N_("This pledge is for another fund. Choose that fund, or leave the reference empty."),
            field="fund",
        )
    code = pledge.fund_code if pledge else incoming.fund_code
    fund = db.session.get(Fund, code) if code else None
    if fund is None:
        raise FundClosedToGiftsError(N_("Choose the fund that this money is for."), field="fund")
    if any(each.is_closed for each in (pledge.funds if pledge else [fund])):
        raise FundClosedError(field="fund")
    return fund
