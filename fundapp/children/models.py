"""Tables of children. Columns that end in ``_encrypted`` are encrypted for their row
(`fundapp.crypto`).
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.identity.models import User
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.places.models import District
from fundapp.thai.identity_numbers import IdKind


class TargetGroup(LabelledEnum):
    """The groups that the fund was founded for."""

    EARLY_CHILDHOOD = "early_childhood", N_("Early childhood (0–6 years)")
    OUT_OF_SCHOOL = "out_of_school", N_("Out of school")
    AT_RISK = "at_risk", N_("At risk of dropping out")
    TEEN_MOTHER = "teen_mother", N_("Teenage mother")
    POOR_STUDENT = "poor_student", N_("Poor student")
    DISABILITY = "disability", N_("Child with a disability")


class ChildStatus(LabelledEnum):
    """Whether the fund is working with the child."""

    ACTIVE = "active", N_("File open"), "good"
    WAITING = "waiting", N_("Waits for a supervisor"), "warn"
    CLOSED = "closed", N_("File closed")


class CloseReason(LabelledEnum):
    """Why the fund stopped working with the child."""

    FINISHED = "finished", N_("The goal was reached")
    MOVED_AWAY = "moved_away", N_("The child moved away")
    OTHER_SUPPORT = "other_support", N_("Others help the child now")
    NOT_REACHED = "not_reached", N_("The family could not be reached")
    CONSENT_WITHDRAWN = "consent_withdrawn", N_("The consent was withdrawn")
    DIED = "died", N_("The child died")
    MISTAKE = "mistake", N_("The file was opened by mistake")
    SAME_CHILD = "same_child", N_("The child has another file")


#: Why a case manager closes a file; the other reason is a supervisor's decision.
CLOSED_BY_HAND = tuple(reason for reason in CloseReason if reason is not CloseReason.SAME_CHILD)


class DuplicateDecision(LabelledEnum):
    """What a supervisor decided on a file that may be of a child who has one already."""

    ANOTHER_CHILD = "another_child", N_("Another child"), "good"
    SAME_CHILD = "same_child", N_("The same child"), "bad"


class Relation(LabelledEnum):
    """What the guardian is to the child; only parents and legal guardians can consent for it."""

    MOTHER = "mother", N_("Mother")
    FATHER = "father", N_("Father")
    LEGAL_GUARDIAN = "legal_guardian", N_("Legal guardian")
    GRANDPARENT = "grandparent", N_("Grandparent")
    RELATIVE = "relative", N_("Another relative")
    OTHER = "other", N_("Somebody else")
    SELF = "self", N_("The child, who is of age")


class LegalCapacity(LabelledEnum):
    """By what right somebody decides for a child."""

    PARENTAL_POWER = "parental_power", N_("Holds parental power")
    COURT = "court", N_("Guardian by order of a court")
    CARES = "cares", N_("Looks after the child, without an order")
    NONE = "none", N_("May not decide for the child")
    SELF = "self", N_("The child, who is of age")


class ConsentKind(LabelledEnum):
    """What was consented to; what each kind drives: docs/guides/case-manager.md."""

    KEEP_FILE = "keep_file", N_("Keep a file on the child")
    SENSITIVE_FACTS = "sensitive_facts", N_("Keep facts on health or religion")
    SHARE_FACTS = "share_facts", N_("Tell partner agencies what they need to help")
    ZAKAT = "zakat", N_("Keep the zakat group, which tells the religion")
    PHOTOGRAPH = "photograph", N_("Take photographs")


#: The kinds that are asked for. No photographs of children are kept, so nobody consents to them any
#: more; what was signed before stays on record.
ASKED_KINDS = tuple(kind for kind in ConsentKind if kind is not ConsentKind.PHOTOGRAPH)


class Purpose(LabelledEnum):
    """What somebody read about a child for; the label completes the list of reads of its file."""

    FILE = "file", N_("the file")
    LIST = "list", N_("a list of children")
    PAPER = "paper", N_("a signed paper")
    EDIT = "edit", N_("the form to change the file")
    REGISTER = "register", N_("the form to register a sibling")
    CONSENT = "consent", N_("comparing a new consent with those recorded")
    REQUEST = "request", N_("a request for help")
    REQUEST_FORM = "request form", N_("the form to ask for help")
    DECISION = "decision", N_("checking the facts of a request")
    ACCOUNT = "account", N_("verifying the bank details of a payee")
    PROOF = "proof", N_("the proof of receipt of a payout")
    VOUCHER = "voucher", N_("the voucher of a payout")
    CORRECTIONS = "corrections", N_("what its file said before corrections")
    PROMISED = "promised", N_("finishing a payment promised before the consent ended")
    DUPLICATE = "duplicate", N_("comparing two files that may be of one child")
    CONFIRMATION = "confirmation", N_("printing the letter that asks a payee to confirm a payout")
    AUDIT = "audit", N_("an audit, for a reason that was written")
    SEARCH = "search", N_("a search by name")
    REFERRAL = "referral", N_("a referral to a partner agency")


#: Whose signature counts by itself (PDPA s. 20: holders of parental power). Many children live with
#: others; what those sign is kept with a note that says why they sign.
PARENTAL = (Relation.MOTHER, Relation.FATHER, Relation.LEGAL_GUARDIAN)
#: What a guardian can be; whoever is of age signs alone and has none.
GUARDIANS = tuple(relation for relation in Relation if relation is not Relation.SELF)


#: The condition of the index of consents that end, as it must stand in a question that uses it.
CAN_END = "withdrawn_on IS NULL AND expires_on IS NOT NULL"


class Guardian(Base):
    """The adult who looks after one or more children."""

    __tablename__ = "guardians"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    name_encrypted: Mapped[bytes] = mapped_column(Bytes)
    phone_encrypted: Mapped[bytes | None] = mapped_column(Bytes)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Child(Base):
    """A child's file. Outside the file the child is known by its ``code`` alone."""

    __tablename__ = "children"
    __table_args__ = (
        one_of("status", ChildStatus),
        one_of("relation", Relation),
        CheckConstraint("relation <> 'self'", name="guardian_is_another"),
        one_of("id_kind", IdKind),
        one_of("close_reason", CloseReason),
        CheckConstraint("(id_kind = 'none') = (id_number_encrypted IS NULL)", name="id_when_any"),
        CheckConstraint(
            "(id_number_encrypted IS NULL) = (id_number_lookup IS NULL)", name="id_can_be_found"
        ),
        CheckConstraint("length(person_lookup) = 32", name="person_lookup_hashed"),
        CheckConstraint("length(id_number_lookup) = 32", name="id_number_lookup_hashed"),
        CheckConstraint("length(name_lookup) = 32", name="name_lookup_hashed"),
        CheckConstraint(
            "(status = 'closed') = (closed_on IS NOT NULL)"
            " AND (closed_on IS NULL) = (close_reason IS NULL)",
            name="closed_with_reason",
        ),
        Index("ix_children_district_code_id", "district_code", "id"),
        Index("ix_children_district_status", "district_code", "status", "id"),
        Index("ix_children_district_by_code", "district_code", "code"),
        Index("ix_children_status", "status", "id"),
        Index("ix_children_person_lookup", "person_lookup"),
        Index("ix_children_name_lookup", "name_lookup"),
        Index("uq_children_registrar", "id", "registered_by_id", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    code: Mapped[str] = mapped_column(Text, unique=True, comment="says nothing about the child")
    given_name_encrypted: Mapped[bytes] = mapped_column(Bytes)
    family_name_encrypted: Mapped[bytes] = mapped_column(Bytes)
    birth_on_encrypted: Mapped[bytes] = mapped_column(
        Bytes, comment="ISO day, or the month or year alone"
    )
    id_kind: Mapped[IdKind] = mapped_column(Choice(IdKind))
    id_number_encrypted: Mapped[bytes | None] = mapped_column(Bytes)
    id_number_lookup: Mapped[bytes | None] = mapped_column(Bytes, unique=True)
    person_lookup: Mapped[bytes] = mapped_column(
        Bytes, comment="keyed hash of names and birth date, to notice one child registered twice"
    )
    name_lookup: Mapped[bytes | None] = mapped_column(
        Bytes, comment="keyed hash of the full name, to refuse it in texts; NULL: not computed yet"
    )
    guardian_id: Mapped[int] = mapped_column(BigInt, ForeignKey("guardians.id"), index=True)
    relation: Mapped[Relation] = mapped_column(Choice(Relation))
    district_code: Mapped[str] = mapped_column(Text, ForeignKey("districts.code"))
    subdistrict_code_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="empty: not known")
    school_name_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="empty: not at school")
    target_group_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="value of TargetGroup")
    status: Mapped[ChildStatus] = mapped_column(Choice(ChildStatus), default=ChildStatus.ACTIVE)
    closed_on: Mapped[date | None] = mapped_column(Day)
    close_reason: Mapped[CloseReason | None] = mapped_column(Choice(CloseReason))
    registered_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    guardian: Mapped[Guardian] = relationship(lazy="joined")
    district: Mapped[District] = relationship(lazy="joined")
    consents: Mapped[list["Consent"]] = relationship(lazy="selectin", order_by="Consent.id")


class DuplicateFinding(Base):
    """A new file that is like another one, and what a supervisor decided on it.

    ``fundapp/children/sql/*/keep_duplicate_findings.sql`` lets it be decided on once.
    """

    __tablename__ = "duplicate_findings"
    __table_args__ = (
        one_of("decision", DuplicateDecision),
        CheckConstraint("child_id <> other_id", name="two_files"),
        CheckConstraint("decided_by_id <> found_by_id", name="two_people"),
        CheckConstraint(
            "(decision IS NULL) = (decided_by_id IS NULL)"
            " AND (decision IS NULL) = (decided_at IS NULL)"
            " AND (decision IS NULL) = (decision_digest IS NULL)",
            name="decided_with_reason",
        ),
        CheckConstraint(
            "length(found_digest) = 32 AND length(decision_digest) = 32", name="words_hashed"
        ),
        ForeignKeyConstraint(
            ["child_id", "found_by_id"],
            ["children.id", "children.registered_by_id"],
            name="fk_duplicate_findings_registrar",
        ),
        Index("ix_duplicate_findings_decided_at", "decided_at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    child_id: Mapped[int] = mapped_column(BigInt, unique=True, comment="the new file")
    other_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"), index=True)
    found_by_id: Mapped[int] = mapped_column(BigInt, comment="who registered the new file")
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    found_digest: Mapped[bytes | None] = mapped_column(
        Bytes, comment="of why it is another child, which is a remark; NULL: was not asked"
    )
    decision: Mapped[DuplicateDecision | None] = mapped_column(Choice(DuplicateDecision))
    decided_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_digest: Mapped[bytes | None] = mapped_column(
        Bytes, comment="of the reason, which is a remark"
    )

    child: Mapped[Child] = relationship(
        primaryjoin="DuplicateFinding.child_id == Child.id",
        foreign_keys=[child_id],
        lazy="joined",
    )
    other: Mapped[Child] = relationship(foreign_keys=[other_id], lazy="joined")
    found_by: Mapped[User] = relationship(
        primaryjoin="DuplicateFinding.found_by_id == User.id",
        foreign_keys=[found_by_id],
        viewonly=True,
    )
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])


class ChildMerge(Base):
    """A file that a supervisor closed because its child has another one, ``into``. It can be
    undone, once; ``fundapp/children/sql/*/keep_child_merges.sql`` keeps the rest.
    """

    __tablename__ = "child_merges"
    __table_args__ = (
        CheckConstraint("child_id <> into_id", name="two_files"),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)"
            " AND (undone_at IS NULL) = (undone_digest IS NULL)",
            name="undone_with_reason",
        ),
        CheckConstraint(
            "length(reason_digest) = 32 AND length(undone_digest) = 32", name="words_hashed"
        ),
        Index(
            "uq_child_merges_child",
            "child_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_child_merges_into_id", "into_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    child_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"), comment="closed by it")
    into_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"))
    merged_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason_digest: Mapped[bytes] = mapped_column(Bytes, comment="of the reason, which is a remark")
    undone_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_digest: Mapped[bytes | None] = mapped_column(Bytes, comment="of a remark")

    child: Mapped[Child] = relationship(foreign_keys=[child_id])
    into: Mapped[Child] = relationship(foreign_keys=[into_id], lazy="joined")


class ChildNameKey(Base):
    """A keyed hash by which a child is found by its name (`name_keys`)."""

    __tablename__ = "child_name_keys"
    __table_args__ = (
        CheckConstraint("length(key) = 16", name="key_hashed"),
        Index("ix_child_name_keys_child_id", "child_id"),
    )

    key: Mapped[bytes] = mapped_column(Bytes, primary_key=True)
    child_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"), primary_key=True)


class OpenFileChanges(Base):
    """By how much the number of open files of a district changed in a month, for each target group.

    No row names a child. It is encrypted all the same: beside the day on which a file was opened, a
    month with one new file would tell that child's group.
    """

    __tablename__ = "open_file_changes"
    __table_args__ = (
        UniqueConstraint("district_code", "month", name="uq_open_file_changes_month"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    district_code: Mapped[str] = mapped_column(Text, ForeignKey("districts.code"))
    month: Mapped[date] = mapped_column(Day, comment="its first day; of recording")
    changes_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="JSON: by target group")


class Consent(Base):
    """What a parent or guardian agreed to in writing; a withdrawal takes effect on its day."""

    __tablename__ = "consents"
    __table_args__ = (
        one_of("kind", ConsentKind),
        one_of("relation", Relation),
        one_of("capacity", LegalCapacity),
        CheckConstraint("expires_on IS NULL OR expires_on > signed_on", name="expires_later"),
        CheckConstraint(
            "withdrawn_on IS NULL OR withdrawn_on >= signed_on", name="withdrawn_not_before"
        ),
        CheckConstraint(
            "relation IN ('mother', 'father', 'legal_guardian', 'self')"
            " OR note_encrypted IS NOT NULL",
            name="other_signer_explained",
        ),
        Index("ix_consents_child_id", "child_id"),
        Index(
            "ix_consents_end",
            "expires_on",
            "id",
            sqlite_where=text(CAN_END),
            postgresql_where=text(CAN_END),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    child_id: Mapped[int] = mapped_column(BigInt, ForeignKey("children.id"))
    kind: Mapped[ConsentKind] = mapped_column(Choice(ConsentKind))
    signer_name_encrypted: Mapped[bytes] = mapped_column(Bytes)
    relation: Mapped[Relation] = mapped_column(Choice(Relation))
    note_encrypted: Mapped[bytes | None] = mapped_column(Bytes, comment="why this person signs")
    signed_on: Mapped[date] = mapped_column(Day)
    expires_on: Mapped[date | None] = mapped_column(Day)
    withdrawn_on: Mapped[date | None] = mapped_column(Day)
    recorded_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    capacity: Mapped[LegalCapacity | None] = mapped_column(
        Choice(LegalCapacity), comment="of the signer; NULL: was not asked"
    )
