"""Opening a referral: for its agency what the case manager chose, and each look is a read of the
child's file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.agencies.models import Referral, SharedFact
from fundapp.agencies.policy import may_answer_some, may_open_referral
from fundapp.agencies.queries import find_access, follows_referrals, get_referral
from fundapp.children.models import Purpose
from fundapp.children.policy import may_show_identity
from fundapp.children.reader import Reader
from fundapp.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class ReferralFile:
    """A referral with its words; nothing of them where the child's identity may not be shown."""

    referral: Referral
    is_shown: bool
    #: Texts as they are stored; of the district its code.
    facts: Mapping[SharedFact, str] = field(repr=False, default_factory=dict)
    words: str = field(repr=False, default="")
    reason: str = field(repr=False, default="")
    given_words: str = field(repr=False, default="")


def read_referral(number: str, *, actor: Actor) -> ReferralFile:
    """A referral, for the fund or for its agency; the read is recorded. Part of a unit of reading.
    Raises NotFoundError, also where the actor may not know of it.
    """
    referral = get_referral(number)
    require_seen(referral, actor)
    child = referral.child
    if not may_show_identity(child, clock.today()):
        return ReferralFile(referral, is_shown=False)
    reader = Reader(actor, Purpose.REFERRAL)
    about = [child]
    return ReferralFile(
        referral,
        is_shown=True,
        facts=_facts(referral, reader),
        words=reader.decrypt(referral, "words_encrypted", about=about),
        reason=reader.decrypt_optional(referral, "reason_encrypted", about=about),
        given_words=reader.decrypt_optional(referral, "given_words_encrypted", about=about),
    )


def require_seen(referral: Referral, actor: Actor) -> None:
    """NotFoundError unless the actor may know of the referral."""
    if may_answer_some(actor):
        is_seen = may_open_referral(actor, referral, find_access(actor), clock.today())
    else:
        is_seen = follows_referrals(actor, referral.child)
    if not is_seen:
        raise NotFoundError


def _facts(referral: Referral, reader: Reader) -> dict[SharedFact, str]:
    """What was chosen, and nothing else."""
    child, chosen = referral.child, referral.shared_facts
    name = reader.name(child)
    phone = reader.guardian(child).phone if SharedFact.GUARDIAN_PHONE in chosen else ""
    known = {
        SharedFact.FIRST_NAME: name.given_name,
        SharedFact.AGE: "" if name.age is None else str(name.age),
        SharedFact.DISTRICT: child.district_code,
        SharedFact.GUARDIAN_PHONE: phone,
    }
    return {fact: known[fact] for fact in chosen}
