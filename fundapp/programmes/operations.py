"""Writing phases of the programme. Nothing is overwritten: a change is a further version."""

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.name_guard import public_words
from fundapp.db import db, lock
from fundapp.errors import FormUsedError, NotFoundError, StaleError
from fundapp.ids import new_id, new_public_id
from fundapp.programmes.drafts import PhaseDraft, TargetDraft
from fundapp.programmes.errors import (
    PhaseDaysError,
    PhaseDistrictsError,
    TargetGroupsError,
    TargetPlaceError,
)
from fundapp.programmes.models import (
    PhaseDistrict,
    PhaseTarget,
    PhaseTargetGroup,
    PhaseVersion,
    ProgrammePhase,
)
from fundapp.programmes.policy import may_keep_programmes
from fundapp.programmes.queries import find_version_of_key
from fundapp.trail.operations import record_event

#: What the trail calls a phase.
SUBJECT_TYPE = "programme_phase"


def open_phase(draft: PhaseDraft, *, key: str, actor: Actor) -> ProgrammePhase:
    """Open a phase; ``key`` makes it happen once. Raises ForbiddenError, FormUsedError,
    PhaseDaysError, PhaseDistrictsError, TargetGroupsError, TargetPlaceError, PersonalDataError and
    ChildNamedError.
    """
    require(may_keep_programmes(actor))
    known = find_version_of_key(key)
    if known is not None:
        if known.number != 1 or known.written_by != actor.ref:
            raise FormUsedError
        return _lock(known.phase_id)
    phase = ProgrammePhase(id=new_id(), public_id=new_public_id(), versions=[])
    db.session.add(phase)
    _write(phase, draft, key, actor)
    record_event(
        "programmes:phase:open", actor=actor, subject_type=SUBJECT_TYPE, subject_ref=phase.public_id
    )
    return phase


def change_phase(
    public_id: str, draft: PhaseDraft, *, version: int, key: str, actor: Actor
) -> ProgrammePhase:
    """Write a further version of a phase. Raises what `open_phase` does, NotFoundError, and
    StaleError when ``version`` is not its newest.
    """
    require(may_keep_programmes(actor))
    phase = lock(select(ProgrammePhase).where(ProgrammePhase.public_id == public_id))
    if phase is None:
        raise NotFoundError
    known = find_version_of_key(key)
    if known is not None:
        if known.phase_id != phase.id or known.written_by != actor.ref:
            raise FormUsedError
        return phase
    if phase.newest.number != version:
        raise StaleError
    before = _facts(phase.newest)
    after = _facts(_write(phase, draft, key, actor))
    record_event(
        "programmes:phase:change",
        actor=actor,
        subject_type=SUBJECT_TYPE,
        subject_ref=public_id,
        changes={name: (before[name], after[name]) for name in before},
    )
    return phase


def _lock(phase_id: int) -> ProgrammePhase:
    phase = lock(select(ProgrammePhase).where(ProgrammePhase.id == phase_id))
    if phase is None:
        raise RuntimeError("a phase was deleted")
    return phase


def _write(phase: ProgrammePhase, draft: PhaseDraft, key: str, actor: Actor) -> PhaseVersion:
    _check(draft)
    thai, english, malay = draft.names
    version = PhaseVersion(
        phase_id=phase.id,
        number=len(phase.versions) + 1,
        name_th=public_words(thai, field="name_th"),
        name_en=public_words(english, field="name_en") if english else "",
        name_ms=public_words(malay, field="name_ms") if malay else "",
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        budget_satang=draft.budget_satang,
        note=public_words(draft.note, field="note") if draft.note else "",
        written_by=actor.ref,
        written_at=clock.now(),
        idempotency_key=key,
    )
    db.session.flush()
    db.session.add(version)
    db.session.flush()
    own = {"phase_id": phase.id, "number": version.number}
    codes = sorted(set(draft.district_codes))
    db.session.add_all(PhaseDistrict(district_code=code, **own) for code in codes)
    db.session.flush()
    for position, target in enumerate(draft.targets, start=1):
        _add_target(target, {**own, "position": position})
    db.session.expire_all()
    return phase.newest


def _add_target(target: TargetDraft, own: dict[str, int]) -> None:
    code = target.district_code or None
    db.session.add(PhaseTarget(district_code=code, children=target.children, **own))
    db.session.flush()
    db.session.add_all(PhaseTargetGroup(target_group=group, **own) for group in set(target.groups))
    db.session.flush()


def _check(draft: PhaseDraft) -> None:
    if draft.ends_on < draft.starts_on:
        raise PhaseDaysError(field="ends_on")
    if not draft.district_codes:
        raise PhaseDistrictsError(field="districts")
    for position, target in enumerate(draft.targets, start=1):
        if target.children <= 0 or not target.groups:
            raise TargetGroupsError(field=f"children_{position}")
        if target.district_code and target.district_code not in draft.district_codes:
            raise TargetPlaceError(field=f"district_{position}")


def _facts(version: PhaseVersion) -> dict[str, str]:
    """What the trail keeps of a version."""
    targets = (
        f"{target.children} {'+'.join(group.value for group in target.groups)}"
        f" {target.district_code or ''}".strip()
        for target in version.targets
    )
    return {
        "starts_on": version.starts_on.isoformat(),
        "ends_on": version.ends_on.isoformat(),
        "districts": ", ".join(place.district_code for place in version.places),
        "budget": str(version.budget_satang),
        "targets": "; ".join(targets),
        "name": version.name_th,
        "note": version.note,
    }
