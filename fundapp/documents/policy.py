"""Who may store documents. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission

#: The subject of slips of what donors paid.
SLIP = "slip"
#: The subject of papers that show what an auditor found.
FINDING = "audit_finding"
#: The subject of audit packs, which the worker makes.
PACK = "audit_pack"


def may_store(actor: Actor, subject_type: str) -> bool:
    """Whether the actor may store a document: those who file papers of children, of payouts, of
    pledges and of grants, and those who propose what two people decide; a slip of what was paid
    everybody who gives; what shows a finding its auditor; packs who makes them.
    """
    if subject_type == SLIP:
        return actor.can(Permission.PLEDGE_CHANGE)
    if subject_type == FINDING:
        return actor.can(Permission.FINDING_KEEP)
    if subject_type == PACK:
        return actor.can(Permission.PACK_MAKE)
    return actor.can_any(
        Permission.CHILD_REGISTER,
        Permission.DISBURSEMENT_PROVE,
        Permission.PAYMENT_RECORD,
        Permission.GRANT_KEEP,
        Permission.HOUSE_PROPOSE,
    )


def may_check(actor: Actor) -> bool:
    """Whether the actor may open stored files to note whether they are intact."""
    return actor.can(Permission.DOCUMENT_CHECK)


def may_reencrypt(actor: Actor) -> bool:
    """Whether the actor may encrypt the stored files again with the newest key."""
    return actor.can(Permission.KEY_ROTATE)
