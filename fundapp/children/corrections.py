"""What a file said before and after a correction: the words of a remark, encrypted and erasable.

The trail keeps the code and the digest of them. What the file said is decrypted here to be compared
and encrypted again; none of it is shown.
"""

import json

from fundapp.access.actors import Actor
from fundapp.children.encryption import decrypt_optional
from fundapp.children.models import Child
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.steps import write_remark

#: What can be corrected, by the name that the words give it; every one but the kind of number is
#: encrypted in the child's row.
FACTS = (
    "given_name",
    "family_name",
    "birth_on",
    "id_kind",
    "id_number",
    "subdistrict_code",
    "school_name",
    "target_group",
)

Facts = dict[str, str]


def facts_now(child: Child) -> Facts:
    """What the file says, as texts; the empty text where it says nothing."""
    return {
        name: str(child.id_kind)
        if name == "id_kind"
        else decrypt_optional(child, f"{name}_encrypted")
        for name in FACTS
    }


def write_correction(child: Child, before: Facts, *, actor: Actor) -> str:
    """Keep what was corrected since the file said ``before``; what the trail carries of it, or the
    empty text where nothing was.
    """
    return write_changes(child, before, facts_now(child), actor=actor)


def write_changes(child: Child, before: Facts, after: Facts, *, actor: Actor) -> str:
    """The same of what the file said and says now, by name."""
    changed = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if not changed:
        return ""
    remark = write_remark(
        json.dumps(changed, ensure_ascii=False),
        kind=RemarkKind.CHILD_FACTS,
        subject_type="child",
        subject_ref=child.public_id,
        about_child=True,
        actor=actor,
    )
    return remark.trace


def changes_in(words: str) -> dict[str, tuple[str, str]]:
    """What `write_correction` wrote: before and after, by name."""
    return {name: (before, after) for name, (before, after) in json.loads(words).items()}
