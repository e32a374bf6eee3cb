"""Tables of the programme's phases. What was written of one stays: a change is a further version,
and triggers refuse every other change (``fundapp/programmes/sql/*/append_only.sql``).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.children.models import TargetGroup
from fundapp.db import Base, BigInt, Choice, Day, UtcDateTime, one_of
from fundapp.ids import new_id, new_public_id
from fundapp.places.models import District

#: The largest budget in satang, and the largest target.
MOST_SATANG = 100_000_000_000
MOST_CHILDREN = 1_000_000


class ProgrammePhase(Base):
    """A phase; what it says is in its versions, the newest of which counts."""

    __tablename__ = "programme_phases"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)

    versions: Mapped[list["PhaseVersion"]] = relationship(
        lazy="selectin", order_by="PhaseVersion.number"
    )

    @property
    def newest(self) -> "PhaseVersion":
        """What it says now."""
        return self.versions[-1]


class PhaseVersion(Base):
    """What a phase says since somebody wrote it. Names and note are public and name no person."""

    __tablename__ = "programme_phase_versions"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("name_th <> ''", name="named"),
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("budget_satang >= 0", name="budget_not_negative"),
    )

    phase_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("programme_phases.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    name_th: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_ms: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date] = mapped_column(Day, comment="the last day")
    budget_satang: Mapped[int] = mapped_column(BigInt, comment="0: none was set")
    note: Mapped[str] = mapped_column(Text, comment="public, e.g. what was published of it")
    written_by: Mapped[str] = mapped_column(Text, comment="public id of the user")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idempotency_key: Mapped[str] = mapped_column(Text, unique=True, comment="of the form")

    places: Mapped[list["PhaseDistrict"]] = relationship(
        lazy="selectin", order_by="PhaseDistrict.district_code"
    )
    targets: Mapped[list["PhaseTarget"]] = relationship(
        lazy="selectin", order_by="PhaseTarget.position"
    )

    @property
    def districts(self) -> list[District]:
        """Where it works, in the order of their codes."""
        return [place.district for place in self.places]


class PhaseDistrict(Base):
    """A district in which a phase works."""

    __tablename__ = "programme_phase_districts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["phase_id", "number"],
            ["programme_phase_versions.phase_id", "programme_phase_versions.number"],
            name="fk_programme_phase_districts_version",
        ),
    )

    phase_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    district_code: Mapped[str] = mapped_column(Text, ForeignKey("districts.code"), primary_key=True)

    district: Mapped[District] = relationship(lazy="joined")


class PhaseTarget(Base):
    """How many children of some groups a phase is to help, in one of its districts or in all."""

    __tablename__ = "programme_targets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["phase_id", "number"],
            ["programme_phase_versions.phase_id", "programme_phase_versions.number"],
            name="fk_programme_targets_version",
        ),
        ForeignKeyConstraint(
            ["phase_id", "number", "district_code"],
            [
                "programme_phase_districts.phase_id",
                "programme_phase_districts.number",
                "programme_phase_districts.district_code",
            ],
            name="fk_programme_targets_district",
        ),
        CheckConstraint("position >= 1", name="position_from_one"),
        CheckConstraint("children > 0", name="children_positive"),
    )

    phase_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    district_code: Mapped[str | None] = mapped_column(Text, comment="NULL: all of the phase")
    children: Mapped[int] = mapped_column(BigInt, comment="how many are to be helped")

    members: Mapped[list["PhaseTargetGroup"]] = relationship(
        lazy="selectin", order_by="PhaseTargetGroup.target_group"
    )

    @property
    def groups(self) -> list[TargetGroup]:
        """The groups that count for it, in their order."""
        chosen = {member.target_group for member in self.members}
        return [group for group in TargetGroup if group in chosen]


class PhaseTargetGroup(Base):
    """A group that counts for a target."""

    __tablename__ = "programme_target_groups"
    __table_args__ = (
        ForeignKeyConstraint(
            ["phase_id", "number", "position"],
            [
                "programme_targets.phase_id",
                "programme_targets.number",
                "programme_targets.position",
            ],
            name="fk_programme_target_groups_target",
        ),
        one_of("target_group", TargetGroup),
    )

    phase_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    target_group: Mapped[TargetGroup] = mapped_column(Choice(TargetGroup), primary_key=True)
