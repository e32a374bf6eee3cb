"""Gifts in kind are recorded, and withdrawn when that was a mistake. Neither touches the books."""

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.name_guard import public_words
from fundapp.crypto import keyring
from fundapp.db import db, lock
from fundapp.errors import FormUsedError, NotFoundError, require_readable_name
from fundapp.giving.in_kind.drafts import InKindDraft
from fundapp.giving.in_kind.errors import InKindError, InKindWithdrawnError
from fundapp.giving.in_kind.policy import may_record_in_kind
from fundapp.giving.models import Donor, GiftInKind, InKindStatus
from fundapp.giving.operations import register_donor
from fundapp.markers import N_
from fundapp.trail.operations import record_event


def record_gift_in_kind(draft: InKindDraft, *, key: str, actor: Actor) -> GiftInKind:
    """Record what was given; the same form (``key``) twice is one gift.

    Raises ForbiddenError, NotFoundError for the donor, InKindError, FormUsedError,
    UnreadableNameError, and ChildNamedError and PersonalDataError for the description.
    """
    require(may_record_in_kind(actor))
    digest = keyring().lookup(draft.digest, "gifts_in_kind.form_digest").hex()
    known = db.session.scalar(select(GiftInKind).where(GiftInKind.idempotency_key == key))
    if known is not None:
        if known.form_digest != digest:
            raise FormUsedError
        return known
    _check(draft)
    donor = _donor(draft, actor)
    gift = GiftInKind(
        donor=donor,
        description=public_words(draft.description, field="description"),
        declared_satang=draft.declared_satang,
        received_on=draft.received_on,
        is_anonymous=draft.is_anonymous or donor.is_unknown,
        status=InKindStatus.RECEIVED,
        recorded_by=actor.ref,
        recorded_at=clock.now(),
        idempotency_key=key,
        form_digest=digest,
    )
    db.session.add(gift)
    db.session.flush()
    _record("record", gift, actor)
    db.session.flush()
    return gift


def withdraw_gift_in_kind(public_id: str, *, actor: Actor) -> GiftInKind:
    """Say that a gift in kind was recorded by mistake. Raises ForbiddenError, NotFoundError and
    InKindWithdrawnError.
    """
    require(may_record_in_kind(actor))
    gift = lock(
        select(GiftInKind)
        .where(GiftInKind.public_id == public_id)
        .options(lazyload(GiftInKind.donor))
    )
    if gift is None:
        raise NotFoundError
    if gift.status is InKindStatus.WITHDRAWN:
        raise InKindWithdrawnError
    gift.status = InKindStatus.WITHDRAWN
    _record("withdraw", gift, actor)
    db.session.flush()
    return gift


def _check(draft: InKindDraft) -> None:
    if not draft.description:
        raise InKindError(field="description")
    if draft.declared_satang <= 0:
        raise InKindError(N_("The value must be more than zero."), field="declared")
    if draft.received_on > clock.today():
        raise InKindError(N_("This day is still to come."), field="received_on")
    require_readable_name(draft.name, field="name")


def _donor(draft: InKindDraft, actor: Actor) -> Donor:
    if draft.donor_id is None:
        kind = draft.kind if draft.name else None
        return register_donor(draft.name, kind=kind, email=draft.email, actor=actor)
    donor = db.session.get(Donor, draft.donor_id)
    if donor is None:
        raise NotFoundError
    return donor


def _record(verb: str, gift: GiftInKind, actor: Actor) -> None:
    record_event(
        f"giving:gift-in-kind:{verb}",
        actor=actor,
        subject_type="gift_in_kind",
        subject_ref=gift.public_id,
    )
