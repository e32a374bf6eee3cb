"""Spreadsheets with donors, past gifts and pledges: what waits, and what was taken over."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, Choice, Json, UtcDateTime, one_of
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class MatchMode(LabelledEnum):
    """What a row does to donors."""

    ADD = "add", N_("Add what is new; leave known donors as they are")
    COMPLETE = "complete", N_("Fill empty fields of known donors; add nothing")
    BOTH = "both", N_("Add what is new, and fill empty fields of known donors")


class ImportProfile(Base):
    """Which columns of a kind of spreadsheet hold what, under a name."""

    __tablename__ = "import_profiles"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 60", name="name_length"),
        one_of("mode", MatchMode),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    name: Mapped[str] = mapped_column(Text, unique=True)
    mode: Mapped[MatchMode] = mapped_column(Choice(MatchMode))
    mapping: Mapped[dict[str, object]] = mapped_column(
        Json, comment="headings by what they hold, the order of days, what holds for all rows"
    )
    saved_by: Mapped[str] = mapped_column(
        Text, comment="public id of a user, or the name of a process"
    )
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DonorImport(Base):
    """A spreadsheet that was uploaded: its rows are kept, encrypted, until it is taken over or has
    expired. Rules: ``sql/*/keep_imports.sql``.
    """

    __tablename__ = "donor_imports"
    __table_args__ = (
        one_of("mode", MatchMode),
        CheckConstraint("length(file_sha256) = 32", name="file_sha256_length"),
        CheckConstraint("row_count > 0", name="has_rows"),
        CheckConstraint(
            "(committed_at IS NULL) = (committed_by IS NULL)"
            " AND (committed_at IS NULL OR rows_encrypted IS NULL)",
            name="committed_whole",
        ),
        Index("ix_donor_imports_expires_at", "expires_at"),
        Index("ix_donor_imports_file_sha256", "file_sha256"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    file_sha256: Mapped[bytes] = mapped_column(Bytes)
    row_count: Mapped[int] = mapped_column(BigInt)
    rows_encrypted: Mapped[bytes | None] = mapped_column(
        Bytes, comment="NULL: taken over, or expired"
    )
    mode: Mapped[MatchMode] = mapped_column(Choice(MatchMode), default=MatchMode.ADD)
    mapping: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    uploaded_by: Mapped[str] = mapped_column(
        Text, comment="public id of a user, or the name of a process"
    )
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    committed_by: Mapped[str | None] = mapped_column(Text)
    committed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, int]] = mapped_column(
        Json, default=dict, comment="of what it brought, by kind"
    )


class ImportMark(Base):
    """What an import has brought, by a keyed hash: the same row, or number of a donor, is the same
    donor ever after. Append-only.
    """

    __tablename__ = "import_marks"
    __table_args__ = (CheckConstraint("length(digest) = 32", name="digest_length"),)

    digest: Mapped[bytes] = mapped_column(Bytes, primary_key=True)
    donor_id: Mapped[int] = mapped_column(BigInt, ForeignKey("donors.id"), index=True)
    import_id: Mapped[int] = mapped_column(BigInt, ForeignKey("donor_imports.id"))
