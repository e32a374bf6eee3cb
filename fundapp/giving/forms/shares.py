"""The part of a form that divides a gift over several funds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms import Field, Form, ValidationError
from wtforms.validators import StopValidation

from fundapp.giving.models import ALL_PARTS, MOST_SHARES, ShareUnit
from fundapp.giving.shares import ShareTerms
from fundapp.money import MoneyError, format_baht, parse_baht, split_by_weights
from fundapp.web.forms import RadioChoiceField
from fundapp.web.lazy import lazy as _l

_PREFIX = "share-"


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What was typed for one fund; ``name`` is that of its input."""

    name: str
    fund_code: str
    fund_name: str
    text: str


class SharesField(Field):
    """What each fund gets, in baht or percent: an input for each fund of `funds`, in an order that
    the page says. ``data`` holds what was typed, by the code of the fund.
    """

    shape: ClassVar[str] = "shares"
    data: dict[str, str]

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, default=dict, **kwargs)
        self.funds: Sequence[tuple[str, str]] = ()

    def process(self, formdata: Any, data: Any = None, **kwargs: Any) -> None:
        """Take the inputs of all funds together."""
        super().process(formdata, data or {}, **kwargs)
        if formdata:
            names = [name for name in formdata if name.startswith(_PREFIX)]
            typed = {name.removeprefix(_PREFIX): str(formdata.get(name)) for name in names}
            self.data = {code: text.strip() for code, text in typed.items() if text.strip()}

    def pre_validate(self, _form: Any) -> None:
        """Every part is of a fund that is offered."""
        if self.data.keys() - {code for code, _name in self.funds}:
            raise StopValidation(
                _("One of these funds takes no gifts at present. Look at the parts again.")
            )

    @property
    def rows(self) -> list[ShareRow]:
        """A row for each fund."""
        return [
            ShareRow(f"{_PREFIX}{code}", code, name, self.data.get(code, ""))
            for code, name in self.funds
        ]

    def read(self) -> Iterator[ShareTerms]:
        """What was typed: satang, or hundredths of a percent; ValidationError names the fund."""
        for row in self.rows:
            if not row.text:
                continue
            try:
                share = parse_baht(row.text.removesuffix("%").strip())
            except MoneyError as error:
                raise ValidationError(f"{row.fund_name}: {_(str(error))}") from error
            yield ShareTerms(row.fund_code, share)


class SplitFields(Form):
    """The fields by which a gift is divided; a form that has them too has an ``amount``, and says
    in `times` how often that is given.
    """

    shares = SharesField(_l("Divide it over several funds"))
    share_unit = RadioChoiceField(
        _l("The parts are"),
        ShareUnit,
        default=ShareUnit.PERCENT.value,
        required=_l("Choose one of the possibilities shown."),
    )

    @property
    def times(self) -> int:
        """How often the amount that was typed is given, where that is what it says."""
        return 1

    def validate_shares(self, field: SharesField) -> None:
        """Nothing, or two parts and more that come to the whole."""
        parts = list(field.read())
        amount = self["amount"].data
        if not parts:
            return
        if not 2 <= len(parts) <= MOST_SHARES:
            raise ValidationError(
                _(
                    "Write a part for two to %(most)s funds, or leave all of them empty.",
                    most=MOST_SHARES,
                )
            )
        total = format_baht(sum(part.share for part in parts))
        if self.share_unit.data == ShareUnit.PERCENT:
            if sum(part.share for part in parts) != ALL_PARTS:
                raise ValidationError(
                    _(
                        "The parts come to %(total)s percent. Let them come to 100 percent, or "
                        "choose above that the parts are amounts in baht.",
                        total=total,
                    )
                )
        elif amount and sum(part.share for part in parts) != amount:
            raise ValidationError(
                _(
                    "The parts come to %(total)s baht, and the gift is %(whole)s baht. Let them "
                    "agree.",
                    total=total,
                    whole=format_baht(amount),
                )
            )

    @property
    def share_terms(self) -> tuple[ShareTerms, ...]:
        """The parts of the pledge; empty when it goes to one fund. Only after validation."""
        parts = list(self.shares.read())
        if self.share_unit.data == ShareUnit.PERCENT:
            return tuple(parts)
        return tuple(ShareTerms(part.fund_code, part.share * self.times) for part in parts)

    @property
    def share_amounts(self) -> list[tuple[str, int]]:
        """The name of each fund with what it gets of the amount that was typed, in satang; empty
        when it goes to one fund. Only after validation.
        """
        parts, names = list(self.shares.read()), dict(self.shares.funds)
        if not parts:
            return []
        satang = split_by_weights(self["amount"].data, [part.share for part in parts])
        return [(names[part.fund_code], own) for part, own in zip(parts, satang, strict=True)]
