"""Writing many files at once: what `register_child` writes for one, in rows of each table."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.codes import new_code
from fundapp.children.comparing import write_key_rows
from fundapp.children.encryption import encrypt
from fundapp.children.handovers.models import ChildManager
from fundapp.children.imports.plan import PlannedChild, person_in_row
from fundapp.children.imports.rows import NO_PARENT, ListedChild
from fundapp.children.models import (
    Child,
    ChildStatus,
    Consent,
    ConsentKind,
    DuplicateFinding,
    Guardian,
)
from fundapp.children.open_files import count_opened_files
from fundapp.children.policy import capacity_of
from fundapp.children.queries import list_codes
from fundapp.children.steps import fact_values
from fundapp.db import Base, connection_of_work
from fundapp.db.many_rows import write_rows
from fundapp.ids import new_id, new_public_id
from fundapp.thai.names import fold_name
from fundapp.trail.models import AuditEvent

Rows = list[dict[str, Any]]


def write_files(planned: Sequence[PlannedChild], *, actor: Actor) -> dict[int, int]:
    """Write the files of these children with their guardians and consents; the id of each, by the
    number of its row. Those that may be of a known child wait.
    """
    guardians: Rows = []
    guardian_ids: dict[tuple[str, str], int] = {}
    children: Rows = []
    consents: Rows = []
    events: Rows = []
    codes = _new_codes(len(planned))
    for each, code in zip(planned, codes, strict=True):
        guardian_id = _guardian(each.row, guardians, guardian_ids)
        child = _child(each, code, guardian_id, actor)
        children.append(child)
        events.append(_event("child:register", child, actor))
        for consent in _consents(each.row, child["id"], actor):
            consents.append(consent)
            note = f"{consent['kind']} {consent['id']}"
            events.append(_event("consent:record", child, actor, note))
    ids = {each.row.number: child["id"] for each, child in zip(planned, children, strict=True)}
    findings = [_finding(each, ids, actor) for each in planned if each.waits]
    waiting = {finding["child_id"] for finding in findings}
    events += [
        _event("duplicate:find", child, actor) for child in children if child["id"] in waiting
    ]
    for model, rows in (
        (Guardian, guardians),
        (Child, children),
        (ChildManager, [_manager(child) for child in children]),
        (Consent, consents),
        (DuplicateFinding, findings),
        (AuditEvent, events),
    ):
        write_rows(connection_of_work(), Base.metadata.tables[model.__tablename__], rows)
    write_key_rows([(ids[each.row.number], person_in_row(each.row)) for each in planned])
    _count(planned)
    return ids


def _guardian(row: ListedChild, rows: Rows, known: dict[tuple[str, str], int]) -> int:
    """The guardian's id: of one name and telephone number there is one in a list."""
    key = fold_name(row.guardian_name), row.guardian_phone
    if row.guardian_phone and key in known:
        return known[key]
    row_id, phone = new_id(), row.guardian_phone
    known[key] = row_id
    rows.append(
        {
            "id": row_id,
            "public_id": new_public_id(),
            "name_encrypted": encrypt(Guardian, "name_encrypted", row_id, row.guardian_name),
            "phone_encrypted": (
                encrypt(Guardian, "phone_encrypted", row_id, phone) if phone else None
            ),
            "created_at": clock.now(),
        }
    )
    return row_id


def _child(each: PlannedChild, code: str, guardian_id: int, actor: Actor) -> dict[str, Any]:
    row_id = new_id()
    return {
        "id": row_id,
        "public_id": new_public_id(),
        "code": code,
        **fact_values(row_id, each.row.facts),
        "guardian_id": guardian_id,
        "relation": each.row.relation,
        "district_code": each.row.district_code,
        "status": ChildStatus.WAITING if each.waits else ChildStatus.ACTIVE,
        "registered_by_id": actor.person_id,
        "registered_at": clock.now(),
    }


def _manager(child: dict[str, Any]) -> dict[str, Any]:
    """Whoever takes a list over is responsible, until others take the children."""
    return {
        "id": new_id(),
        "child_id": child["id"],
        "district_code": child["district_code"],
        "manager_id": child["registered_by_id"],
        "since_at": child["registered_at"],
    }


def _consents(row: ListedChild, child_id: int, actor: Actor) -> Rows:
    kinds = [ConsentKind.KEEP_FILE, *([ConsentKind.SENSITIVE_FACTS] if row.is_sensitive else [])]
    return [_consent(kind, row, child_id, actor) for kind in kinds]


def _consent(kind: ConsentKind, row: ListedChild, child_id: int, actor: Actor) -> dict[str, Any]:
    row_id = new_id()
    note = encrypt(Consent, "note_encrypted", row_id, NO_PARENT) if row.needs_note else None
    return {
        "id": row_id,
        "child_id": child_id,
        "kind": kind,
        "signer_name_encrypted": encrypt(
            Consent, "signer_name_encrypted", row_id, row.guardian_name
        ),
        "relation": row.relation,
        "note_encrypted": note,
        "signed_on": row.signed_on,
        "recorded_by_id": actor.person_id,
        "recorded_at": clock.now(),
        "capacity": capacity_of(row.relation),
    }


def _finding(each: PlannedChild, ids: dict[int, int], actor: Actor) -> dict[str, Any]:
    other = each.other if each.other is not None else ids[each.other_row or 0]
    return {
        "id": new_id(),
        "child_id": ids[each.row.number],
        "other_id": other,
        "found_by_id": actor.person_id,
        "found_at": clock.now(),
    }


def _count(planned: Sequence[PlannedChild]) -> None:
    counts: dict[str, Counter[str]] = {}
    for each in planned:
        if not each.waits:
            of_district = counts.setdefault(each.row.district_code, Counter())
            of_district[str(each.row.facts.target_group)] += 1
    count_opened_files(counts)


def _new_codes(count: int) -> list[str]:
    taken, codes = list_codes(), list[str]()
    while len(codes) < count:
        code = new_code()
        if code not in taken:
            taken.add(code)
            codes.append(code)
    return codes


def _event(verb: str, child: dict[str, Any], actor: Actor, note: str = "") -> dict[str, Any]:
    return {
        "id": new_id(),
        "at": clock.now(),
        "actor": actor.ref,
        "action": f"children:{verb}",
        "subject_type": "child",
        "subject_ref": child["public_id"],
        "note": note,
    }
