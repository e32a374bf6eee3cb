"""Files of children."""

from datetime import timedelta

from demo.acts.stage import Stage
from demo.happenings import ChildComes, ChildLeaves, ConsentWithdrawn
from fundapp import clock
from fundapp.children.drafts import ChildDraft, ConsentDraft, GuardianDraft
from fundapp.children.models import PARENTAL
from fundapp.children.operations import close_child, register_child, withdraw_consent

_WHY_SIGNING = "บิดามารดาทำงานต่างจังหวัด ผู้ลงนามดูแลเด็กอยู่จริง"


def child_comes(stage: Stage, it: ChildComes) -> None:
    """A case manager opens a file with the guardian's consents."""
    note = "" if it.relation in PARENTAL else _WHY_SIGNING
    signed_on = clock.today() - timedelta(days=it.child % 3)
    consents = tuple(
        ConsentDraft(
            kind=kind,
            signer_name=it.guardian_name,
            relation=it.relation,
            signed_on=signed_on,
            note=note,
        )
        for kind in it.consents
    )
    draft = ChildDraft(
        facts=it.facts,
        district_code=it.district,
        guardian=_guardian(stage, it),
        relation=it.relation,
        consents=consents,
    )
    stage.children[it.child] = register_child(draft, actor=stage.cast.manager(it.district))


def consent_withdrawn(stage: Stage, it: ConsentWithdrawn) -> None:
    """A guardian takes a consent back."""
    child = stage.children[it.child]
    consent = next(one for one in child.consents if one.kind is it.kind)
    manager = stage.cast.manager(child.district_code)
    withdraw_consent(child.public_id, consent.id, actor=manager)


def child_leaves(stage: Stage, it: ChildLeaves) -> None:
    """A file is closed."""
    child = stage.children[it.child]
    manager = stage.cast.manager(child.district_code)
    close_child(child.public_id, it.reason, actor=manager)


def _guardian(stage: Stage, it: ChildComes) -> GuardianDraft | str:
    if it.sibling_of is not None:
        return stage.children[it.sibling_of].guardian.public_id
    return GuardianDraft(name=it.guardian_name, phone=it.guardian_phone)
