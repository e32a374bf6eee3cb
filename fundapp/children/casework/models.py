"""Tables of casework; what they say of people is encrypted for its row.

``fundapp/children/sql/*/keep_casework.sql`` keeps what was written and lets an entry be settled
once.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.children.models import Child, LegalCapacity, Relation
from fundapp.db import Base, BigInt, Bytes, Choice, Day, Flag, UtcDateTime, one_of
from fundapp.identity.models import User
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class CaseKind(LabelledEnum):
    """What an entry of a file is."""

    NOTE = "note", N_("Case note")
    VISIT = "visit", N_("Home visit")
    NEED = "need", N_("Need of the child")
    PLAN = "plan", N_("Plan")
    FLAG = "flag", N_("Flag")
    SCREENING = "screening", N_("Screening of the household")
    FOLLOW_UP = "follow_up", N_("Follow-up")
    ZAKAT = "zakat", N_("Zakat group")


class FlagKind(LabelledEnum):
    """What a flag warns of."""

    SAFETY = "safety", N_("The child's safety")
    SCHOOL = "school", N_("About to leave school")
    FAMILY = "family", N_("A change in the family")
    OTHER = "other", N_("Something else")


class ScreeningResult(LabelledEnum):
    """The official result of a screening; the fund works out no score of its own."""

    EXTREMELY_POOR = "extremely_poor", N_("Extremely poor")
    POOR = "poor", N_("Poor")
    NOT_POOR = "not_poor", N_("Not poor")
    WAITING = "waiting", N_("The result is not known yet")


class ZakatGroup(LabelledEnum):
    """To which of the eight groups entitled to zakat (asnaf, Quran 9:60) a child belongs."""

    FAKIR = "fakir", N_("Fakir (destitute)")
    MISKIN = "miskin", N_("Miskin (poor)")
    AMIL = "amil", N_("Amil (collects zakat)")
    MUALLAF = "muallaf", N_("Muallaf (new in Islam)")
    RIQAB = "riqab", N_("Riqab (not free)")
    GHARIM = "gharim", N_("Gharim (in debt)")
    FISABILILLAH = "fisabilillah", N_("Fi sabilillah (in the cause of God)")
    IBNU_SABIL = "ibnu_sabil", N_("Ibnu sabil (stranded on a journey)")
    NONE = "none", N_("Not entitled to zakat")


#: Those who may be helped from zakat.
ENTITLED = tuple(group for group in ZakatGroup if group is not ZakatGroup.NONE)


class FollowUpReason(LabelledEnum):
    """Why there is a follow-up that nobody typed."""

    PLAN = "plan", N_("The plan is to be reviewed")


#: Kinds that are settled: a need met, a plan agreed, a flag lifted, a follow-up done. A visit is,
#: where somebody is to look again.
SETTLED_KINDS = (CaseKind.NEED, CaseKind.PLAN, CaseKind.FLAG, CaseKind.FOLLOW_UP)


class CaseEntry(Base):
    """A note, a visit and the like, as it was written; its words are JSON."""

    __tablename__ = "case_entries"
    __table_args__ = (
        one_of("kind", CaseKind),
        CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)"
            " AND (settled_at IS NOT NULL OR outcome_encrypted IS NULL)",
            name="settled_by_somebody",
        ),
        CheckConstraint(
            "settled_at IS NULL OR kind IN ('need', 'plan', 'flag', 'follow_up')"
            " OR (kind = 'visit' AND due_on IS NOT NULL)",
            name="settled_kinds",
        ),
        CheckConstraint(
            "kind <> 'plan' OR settled_by_id IS NULL OR settled_by_id <> written_by_id",
            name="agreed_by_another",
        ),
        CheckConstraint(
            "kind NOT IN ('follow_up', 'plan') OR due_on IS NOT NULL", name="due_when_promised"
        ),
        Index("ix_case_entries_child_id", "child_id", "id"),
        Index(
            "ix_case_entries_due",
            "due_on",
            "id",
            sqlite_where=text("settled_at IS NULL AND due_on IS NOT NULL"),
            postgresql_where=text("settled_at IS NULL AND due_on IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    child_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"))
    kind: Mapped[CaseKind] = mapped_column(Choice(CaseKind))
    on_day: Mapped[date] = mapped_column(Day, comment="of what it tells")
    due_on: Mapped[date | None] = mapped_column(Day, comment="of the review or the follow-up")
    is_sensitive: Mapped[bool] = mapped_column(Flag, comment="tells of health or religion")
    words_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="JSON: texts by name")
    written_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome_encrypted: Mapped[bytes | None] = mapped_column(Bytes, comment="what came of it")
    idempotency_key: Mapped[str] = mapped_column(Text, unique=True, comment="of the form")

    child: Mapped[Child] = relationship()
    written_by: Mapped[User] = relationship(foreign_keys=[written_by_id])
    settled_by: Mapped[User | None] = relationship(foreign_keys=[settled_by_id])


class ChildDetails(Base):
    """What else a file says of the child: class, address, household. One row of a child; what it
    said before is a remark.
    """

    __tablename__ = "child_details"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    child_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"), unique=True)
    details_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="JSON: texts by name")
    planned_end_on: Mapped[date | None] = mapped_column(Day, comment="of the support")
    changed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FurtherGuardian(Base):
    """Another adult who belongs to the child, beside the guardian it lives with."""

    __tablename__ = "further_guardians"
    __table_args__ = (
        one_of("relation", Relation),
        one_of("capacity", LegalCapacity),
        Index("ix_further_guardians_child_id", "child_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    child_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"))
    name_encrypted: Mapped[bytes] = mapped_column(Bytes)
    phone_encrypted: Mapped[bytes | None] = mapped_column(Bytes)
    relation: Mapped[Relation] = mapped_column(Choice(Relation))
    capacity: Mapped[LegalCapacity] = mapped_column(Choice(LegalCapacity))
    added_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None] = mapped_column(Day, comment="no longer belongs to the child")


class ChildMove(Base):
    """A child went over to another district: who handed it over, and who took it."""

    __tablename__ = "child_moves"
    __table_args__ = (
        CheckConstraint("from_district <> to_district", name="two_districts"),
        CheckConstraint("(taken_at IS NULL) = (taken_by_id IS NULL)", name="taken_by_somebody"),
        Index("ix_child_moves_child_id", "child_id", "id"),
        Index(
            "ix_child_moves_waiting",
            "to_district",
            "id",
            sqlite_where=text("taken_at IS NULL"),
            postgresql_where=text("taken_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    child_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"))
    from_district: Mapped[str] = mapped_column(Text, ForeignKey("districts.code"))
    to_district: Mapped[str] = mapped_column(Text, ForeignKey("districts.code"))
    words_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="what the next one should know")
    moved_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    child: Mapped[Child] = relationship()
    moved_by: Mapped[User] = relationship(foreign_keys=[moved_by_id])
    taken_by: Mapped[User | None] = relationship(foreign_keys=[taken_by_id])
