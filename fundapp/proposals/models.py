"""The table of proposals. Triggers keep it as written: ``sql/*/keep_proposals.sql``."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Choice, Day, UtcDateTime, one_of
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: What a thing is like: codes, numbers and names of the fund's own, as JSON has them.
Values = Mapping[str, Any]


class ProposalStatus(LabelledEnum):
    """What became of a proposal."""

    OPEN = "open", N_("Waiting"), "warn"
    CONFIRMED = "confirmed", N_("Confirmed"), "good"
    REFUSED = "refused", N_("Refused"), "bad"
    WITHDRAWN = "withdrawn", N_("Withdrawn"), "neutral"
    EXPIRED = "expired", N_("Expired"), "neutral"


class Proposal(Base):
    """A change that one person proposed, with the values before and after.

    One that a command made has no proposer until an administrator or officer takes it over.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        one_of("status", ProposalStatus),
        CheckConstraint(
            "status <> 'confirmed' OR (proposed_by_id IS NOT NULL AND decided_by_id IS NOT NULL"
            " AND proposed_by_id <> decided_by_id)",
            name="two_people",
        ),
        CheckConstraint(
            "status <> 'withdrawn' OR (proposed_by_id IS NOT NULL AND decided_by_id IS NOT NULL"
            " AND proposed_by_id = decided_by_id)",
            name="withdrawn_by_proposer",
        ),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_once"),
        Index(
            "uq_proposals_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    kind: Mapped[str] = mapped_column(Text, comment="name of the kind, e.g. roles")
    subject: Mapped[str] = mapped_column(Text, comment="public id or code of what is changed")
    before_json: Mapped[str] = mapped_column(Text, comment="what was so when it was proposed")
    after_json: Mapped[str] = mapped_column(Text)
    status: Mapped[ProposalStatus] = mapped_column(
        Choice(ProposalStatus), default=ProposalStatus.OPEN
    )
    proposed_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_on: Mapped[date] = mapped_column(Day, comment="the last day on which it is confirmed")
    decided_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # Users are of a higher layer, so they are named and not imported.
    proposer: Mapped[Any] = relationship("User", foreign_keys=[proposed_by_id], lazy="joined")
    decider: Mapped[Any] = relationship("User", foreign_keys=[decided_by_id], lazy="joined")

    @property
    def before(self) -> dict[str, Any]:
        """What was so when it was proposed."""
        return dict(json.loads(self.before_json))

    @property
    def after(self) -> dict[str, Any]:
        """What it will be."""
        return dict(json.loads(self.after_json))

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody."""
        return self.status is ProposalStatus.OPEN


def as_json(values: Values) -> str:
    """The one way in which values are written, so that equal values are equal texts."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False)
