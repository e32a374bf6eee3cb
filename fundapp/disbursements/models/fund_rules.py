"""Rules of a fund, as two administrators confirmed them: whom it may help, and with what. The
newest that have begun count; ``fundapp/disbursements/sql/*/keep_fund_rules.sql`` holds approvals to
what of them the database can see.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.children.casework.models import ENTITLED, ZakatGroup
from fundapp.children.models import TargetGroup
from fundapp.db import Base, BigInt, Choice, Day, UtcDateTime, one_of
from fundapp.disbursements.models.requests import Need
from fundapp.identity.models import User
from fundapp.ids import new_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: The oldest age that a rule can name.
OLDEST_AGE = 25


class RuleAspect(LabelledEnum):
    """What a rule of a fund looks at."""

    GROUP = "group", N_("Target groups")
    DISTRICT = "district", N_("Districts")
    NEED = "need", N_("Needs")
    ZAKAT = "zakat", N_("Zakat groups")


def _values(*values: str) -> str:
    return ", ".join(f"'{value}'" for value in values)


class FundRules(Base):
    """The rules of one fund from a day on, until others begin."""

    __tablename__ = "fund_rules"
    __table_args__ = (
        CheckConstraint("age_from BETWEEN 1 AND 25", name="age_from_in_range"),
        CheckConstraint("age_to BETWEEN 1 AND 25", name="age_to_in_range"),
        CheckConstraint("age_from <= age_to", name="ages_in_order"),
        CheckConstraint("value_count BETWEEN 0 AND 100", name="values_in_range"),
        Index("uq_fund_rules_begin", "fund_code", "starts_on", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    fund_code: Mapped[str] = mapped_column(Text, ForeignKey("funds.code"))
    starts_on: Mapped[date] = mapped_column(
        Day, comment="from this day they replace the rules of the fund before"
    )
    age_from: Mapped[int | None] = mapped_column(
        BigInt, comment="completed years; NULL: from birth"
    )
    age_to: Mapped[int | None] = mapped_column(BigInt, comment="completed years; NULL: no end")
    value_count: Mapped[int] = mapped_column(BigInt, comment="how many fund_rule_values there are")
    confirmed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    confirmed_by: Mapped[User] = relationship(lazy="joined")
    values: Mapped[list["FundRuleValue"]] = relationship(
        lazy="selectin", order_by="FundRuleValue.aspect, FundRuleValue.value"
    )

    def allowed(self, aspect: RuleAspect) -> list[str]:
        """What is allowed of this aspect; empty: everything."""
        return [each.value for each in self.values if each.aspect is aspect]

    def fits_age(self, age: int) -> bool:
        """Whether a child of this age, in completed years, may be helped."""
        return (self.age_from or 0) <= age and (self.age_to is None or age <= self.age_to)

    def fits_groups(self, groups: Sequence[TargetGroup]) -> bool:
        """Whether a child who is in these groups may be helped."""
        allowed = self.allowed(RuleAspect.GROUP)
        return not allowed or bool(set(map(str, groups)) & set(allowed))

    def fits(self, aspect: RuleAspect, value: str) -> bool:
        """Whether this value is allowed of the aspect."""
        allowed = self.allowed(aspect)
        return not allowed or value in allowed


class FundRuleValue(Base):
    """One value that the rules allow: a target group, a district, a purpose, a zakat group. Where
    there is none of an aspect, all are allowed.
    """

    __tablename__ = "fund_rule_values"
    __table_args__ = (
        one_of("aspect", RuleAspect),
        CheckConstraint(
            f"aspect = 'district' OR (aspect = 'group' AND value IN ({_values(*TargetGroup)}))"
            f" OR (aspect = 'need' AND value IN ({_values(*Need)}))"
            f" OR (aspect = 'zakat' AND value IN ({_values(*ENTITLED)}))",
            name="value_known",
        ),
    )

    rules_id: Mapped[int] = mapped_column(BigInt, ForeignKey("fund_rules.id"), primary_key=True)
    aspect: Mapped[RuleAspect] = mapped_column(Choice(RuleAspect), primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)


#: The lists that values of an aspect are of; districts are rows.
LISTS: dict[RuleAspect, type[LabelledEnum]] = {
    RuleAspect.GROUP: TargetGroup,
    RuleAspect.NEED: Need,
    RuleAspect.ZAKAT: ZakatGroup,
}
