"""Spreadsheets are uploaded, their columns mapped, and taken over whole or not at all."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.encryption import encrypt
from fundapp.db import Base, connection_of_work, db, lock_all
from fundapp.db.many_rows import write_rows
from fundapp.giving.drafts import PledgeTerms
from fundapp.giving.imports.columns import Column, ColumnMapping
from fundapp.giving.imports.errors import (
    BookingNotSeenError,
    ImportChangedError,
    MappingError,
    OtherMappingError,
)
from fundapp.giving.imports.locking import lock_import, lock_imports
from fundapp.giving.imports.plan import Plan, PlannedPledge, make_plan
from fundapp.giving.imports.queries import find_details_of
from fundapp.giving.imports.reader import encrypt_sheet, open_sheet
from fundapp.giving.models import (
    Donor,
    DonorImport,
    DonorTag,
    ImportMark,
    ImportProfile,
    MatchMode,
    TaxDetails,
)
from fundapp.giving.operations.older_gifts import import_older_gifts
from fundapp.giving.operations.pledges import make_pledges
from fundapp.giving.policy import may_import_donors, may_tidy_donors
from fundapp.giving.queries.imports import find_profile
from fundapp.giving.steps import new_donor
from fundapp.ids import new_id
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.spreadsheets.errors import (
    ImportOverError,
    NothingToImportError,
    RowsWrongError,
    UnknownImportProfileError,
)
from fundapp.spreadsheets.headings import distinct_headings
from fundapp.spreadsheets.reading import Sheet
from fundapp.trail.models import AuditEvent
from fundapp.trail.operations import record_event

#: How long an upload is kept that is not taken over.
KEPT_FOR = timedelta(days=1)
#: How many past gifts are written in one batch.
_GIFTS_AT_ONCE = 2_000
_CHOOSE = N_(
    "Choose the column of this as well. Where the file has none, add one to it, for example with "
    "the numbers of the rows."
)


def keep_upload(
    content: bytes, sheet: Sheet, *, profile_name: str = "", actor: Actor
) -> DonorImport:
    """Keep a file that was read, encrypted, for a day; what was kept for longer goes. The columns
    of the profile are those of the file, if it has all their headings. Raises ForbiddenError,
    UnknownImportProfileError.
    """
    require(may_import_donors(actor))
    forget_expired(actor=actor)
    import_id, profile = new_id(), None
    if profile_name:
        profile = find_profile(profile_name)
        if profile is None:
            raise UnknownImportProfileError(field="profile", params={"name": profile_name})
    fits = profile is not None and _fits(profile, sheet)
    row = DonorImport(
        id=import_id,
        file_sha256=hashlib.sha256(content).digest(),
        row_count=len(sheet.rows),
        rows_encrypted=encrypt_sheet(import_id, sheet),
        mapping=profile.mapping if profile is not None and fits else {},
        mode=profile.mode if profile is not None else MatchMode.ADD,
        uploaded_by=actor.ref,
        uploaded_at=clock.now(),
        expires_at=clock.now() + KEPT_FOR,
    )
    db.session.add(row)
    db.session.flush()
    _record("upload", row, actor)
    return row


def forget_expired(*, actor: Actor) -> int:
    """Remove the rows of uploads that nobody took over in time; of how many. Raises
    ForbiddenError.
    """
    require(may_tidy_donors(actor))
    waiting = DonorImport.rows_encrypted.is_not(None), DonorImport.expires_at <= clock.now()
    found = lock_all(select(DonorImport).where(*waiting).order_by(DonorImport.id))
    for row in found:
        row.rows_encrypted = None
        _record("expire", row, actor)
    db.session.flush()
    return len(found)


def map_columns(
    public_id: str,
    mapping: ColumnMapping,
    *,
    mode: MatchMode,
    profile_name: str = "",
    actor: Actor,
) -> DonorImport:
    """Say which columns hold what; under ``profile_name`` it is kept for later files. Raises
    ForbiddenError, NotFoundError, ImportOverError, MappingError.
    """
    require(may_import_donors(actor))
    row = lock_import(public_id)
    if row.rows_encrypted is None:
        raise ImportOverError
    missing = mapping.missing()
    if missing is Column.NAME:
        raise MappingError(field=f"column_{missing}")
    if missing is not None:
        raise MappingError(_CHOOSE, field=f"column_{missing}")
    row.mapping, row.mode = mapping.as_json(), mode
    if profile_name:
        _save_profile(profile_name, row, actor)
    db.session.flush()
    return row


def commit_import(
    public_id: str, *, version: str | None = None, books_gifts: bool = False, actor: Actor
) -> Plan:
    """Take over what the preview of ``version`` showed: donors, past gifts, pledges. All or
    nothing.

    Raises ForbiddenError, NotFoundError, ImportOverError; RowsWrongError, NothingToImportError,
    OtherMappingError; ImportChangedError when it would bring something else than was shown (None:
    nothing was); BookingNotSeenError for past gifts without ``books_gifts``.
    """
    require(may_import_donors(actor))
    lock_imports()
    row = lock_import(public_id)
    sheet, mapping = open_sheet(row), ColumnMapping.parse(row.mapping)
    plan = make_plan(sheet, mapping, row.mode)
    if version not in (None, plan.version(row.file_sha256, mapping)):
        raise ImportChangedError
    _check(plan, row, books_gifts=books_gifts)
    donors = _write_donors(plan, actor)
    _complete(plan, donors, actor)
    _write_tags(plan, donors)
    _write_details(plan, donors)
    _write_gifts(plan, donors, actor)
    make_pledges([_terms(planned, donors) for planned in plan.pledges], actor=actor)
    marks = [
        {"digest": digest, "donor_id": donors[id(each)], "import_id": row.id}
        for digest, each in plan.marks
        if id(each) in donors
    ]
    _write(ImportMark, marks)
    row.rows_encrypted, row.committed_by, row.committed_at = None, actor.ref, clock.now()
    row.counts = dict(plan.counts)
    _record("commit", row, actor)
    db.session.flush()
    return plan


def _fits(profile: ImportProfile, sheet: Sheet) -> bool:
    """Whether the sheet has every heading of the profile."""
    headings = ColumnMapping.parse(profile.mapping).headings.values()
    return set(headings) <= set(distinct_headings(sheet.headings))


def _check(plan: Plan, row: DonorImport, *, books_gifts: bool) -> None:
    if plan.problems:
        raise RowsWrongError(params={"count": plan.counts["wrong"]})
    if plan.brings_nothing:
        raise NothingToImportError
    same_file = DonorImport.file_sha256 == row.file_sha256
    earlier = db.session.scalars(
        select(DonorImport).where(same_file, DonorImport.committed_at.is_not(None))
    )
    is_new = plan.mode is not MatchMode.COMPLETE
    if is_new and any(each.mapping != row.mapping for each in earlier):
        raise OtherMappingError
    if plan.gifts and not books_gifts:
        amount = format_baht(plan.gifts_satang)
        raise BookingNotSeenError(field="books_gifts", params={"amount": amount})


def _write_donors(plan: Plan, actor: Actor) -> dict[int, int]:
    """Write the donors that are new; the id of each donor of the plan, by its object."""
    rows, events, ids = [], [], {}
    for each in plan.donors:
        if each.donor is not None:
            ids[id(each)] = each.donor.id
        elif each.facts.name and not each.is_left_out:
            facts = each.facts
            row = new_donor(
                facts.name,
                address=facts.email or None,
                locale="th",
                kind=facts.kind,
                phone=facts.phone or None,
            )
            rows.append(row)
            events.append(_event("register", row["public_id"], actor))
            ids[id(each)] = row["id"]
    _write(Donor, rows)
    _write(AuditEvent, events)
    return ids


def _complete(plan: Plan, ids: dict[int, int], actor: Actor) -> None:
    """Fill empty fields of known donors."""
    for each in plan.donors:
        if each.donor is None or not each.brings_something:
            continue
        if each.fills:
            empty = [getattr(Donor, name).is_(None) for name in each.fills]
            db.session.execute(
                update(Donor).where(Donor.id == ids[id(each)], *empty).values(**each.fills)
            )
        record_event(
            "giving:donor:complete",
            actor=actor,
            subject_type="donor",
            subject_ref=each.donor.public_id,
        )


def _write_tags(plan: Plan, ids: dict[int, int]) -> None:
    tags = {
        (ids[id(each)], tag) for each in plan.donors if id(each) in ids for tag in each.new_tags
    }
    _write(DonorTag, [{"donor_id": donor_id, "tag": tag} for donor_id, tag in sorted(tags)])


def _write_details(plan: Plan, ids: dict[int, int]) -> None:
    """Let receipts that are issued from now on carry address and tax number."""
    details = {
        ids[id(each)]: each.details for each in plan.donors if each.details and id(each) in ids
    }
    known = find_details_of(set(details))
    new = []
    for donor_id, payer in details.items():
        values = {
            "address_encrypted": encrypt(TaxDetails, "address_encrypted", donor_id, payer.address),
            "tax_id_encrypted": encrypt(TaxDetails, "tax_id_encrypted", donor_id, payer.tax_id),
        }
        if donor_id in known:
            db.session.execute(update(TaxDetails).where(TaxDetails.id == donor_id).values(**values))
        else:
            new.append({"id": donor_id, **values})
    _write(TaxDetails, new)


def _write_gifts(plan: Plan, ids: dict[int, int], actor: Actor) -> None:
    """Book past gifts as the import of older gifts does, each with its own donor."""
    pledges = [gift.pledge.of_donor(ids.get(id(gift.planned))) for gift in plan.gifts]
    for start in range(0, len(pledges), _GIFTS_AT_ONCE):
        import_older_gifts(pledges[start : start + _GIFTS_AT_ONCE], actor=actor)


def _terms(planned: PlannedPledge, ids: dict[int, int]) -> PledgeTerms:
    pledge = planned.row.pledge
    if pledge is None:
        raise AssertionError("only rows with a pledge are planned as pledges")
    return PledgeTerms(
        amount_satang=pledge.amount_satang,
        fund_code=pledge.fund_code,
        starts_on=pledge.starts_on,
        frequency=pledge.frequency,
        instalment_count=pledge.count,
        method=pledge.method,
        name=planned.row.donor.name,
        donor_id=ids[id(planned.planned)],
        is_anonymous=pledge.is_anonymous,
        # A keyed hash: nobody can send a form with it.
        idempotency_key=planned.key,
    )


def _save_profile(name: str, row: DonorImport, actor: Actor) -> None:
    profile = find_profile(name) or ImportProfile(name=name)
    profile.mapping, profile.mode = row.mapping, row.mode
    profile.saved_by, profile.saved_at = actor.ref, clock.now()
    db.session.add(profile)


def _write(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    write_rows(connection_of_work(), Base.metadata.tables[model.__tablename__], rows)


def _event(verb: str, donor: str, actor: Actor) -> dict[str, Any]:
    return {
        "id": new_id(),
        "at": clock.now(),
        "actor": actor.ref,
        "action": f"giving:donor:{verb}",
        "subject_type": "donor",
        "subject_ref": donor,
        "note": "",
    }


def _record(verb: str, row: DonorImport, actor: Actor) -> None:
    record_event(
        f"giving:import:{verb}",
        actor=actor,
        subject_type="donor_import",
        subject_ref=row.public_id,
    )
