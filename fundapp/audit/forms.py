"""The filters above lists and statements. They come in the address, so they carry no form token."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from wtforms import ValidationError
from wtforms.fields import SelectChoice

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.audit.labels import event_texts
from fundapp.audit.statements.description import natural_sum
from fundapp.ledger.models import EntryKind, Fund
from fundapp.ledger.queries import LedgerSpan, Sum, list_accounts
from fundapp.thai.calendar import fiscal_year_be, fiscal_year_bounds
from fundapp.trail.registry import find_kind, labels
from fundapp.web.forms import ChoiceField, DayField, DaysFilter, FilterForm, TextField, choices
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

#: How many fiscal years before that of today a filter offers.
_YEARS_SHOWN = 6
#: Which accounts a general ledger is of unless others are named.
_ASSETS = ("1",)


class FundFilter(FilterForm):
    """A choice of one fund, or all."""

    fund: ChoiceField[Any] = ChoiceField(_l("Fund"), default="")

    def __init__(self, args: Mapping[str, Any], funds: Iterable[Fund]) -> None:
        super().__init__(args)
        names = {fund.code: localized(fund) for fund in funds}
        self.fund.choices = choices(names, blank=gettext("All funds"))

    @property
    def fund_code(self) -> str | None:
        """The chosen fund, or None for all."""
        return self.fund.data or None


class AsOfFilter(FundFilter):
    """A day, today when it is left empty, and a fund."""

    as_of = DayField(_l("As of the day"))

    @property
    def day(self) -> date:
        """The last day that counts."""
        return self.as_of.data or clock.today()


class PeriodFilter(FundFilter, DaysFilter):
    """A range of days, the fiscal year of today when it is left empty, and a fund."""

    @property
    def first_day(self) -> date:
        """The first day of the range."""
        if self.from_on.data:
            return self.from_on.data
        return fiscal_year_bounds(fiscal_year_be(self.to_on.data or clock.today()))[0]

    @property
    def last_day(self) -> date:
        """The last day of the range."""
        if self.to_on.data:
            return self.to_on.data
        return fiscal_year_bounds(fiscal_year_be(self.from_on.data or clock.today()))[1]


class YearFilter(FundFilter):
    """A fiscal year, that of today when none is chosen, and a fund."""

    year: ChoiceField[Any] = ChoiceField(_l("Fiscal year"), default="")

    def __init__(self, args: Mapping[str, Any], funds: Iterable[Fund]) -> None:
        super().__init__(args, funds)
        this_year = fiscal_year_be(clock.today())
        years = range(this_year + 1, this_year - _YEARS_SHOWN, -1)
        self.year.choices = choices({str(year): str(year) for year in years})
        self.year.data = self.year.data or str(this_year)

    @property
    def fiscal_year(self) -> int:
        """The year, in the Buddhist Era."""
        return int(self.year.data)


class AccountFilter(PeriodFilter):
    """Which entries of an account, and what of them is added up; its balance where nothing is
    chosen.
    """

    sum: ChoiceField[Any] = ChoiceField(
        _l("Added up"),
        choices=[
            SelectChoice("", _l("The balance")),
            SelectChoice(Sum.DEBIT, _l("Debits less credits")),
            SelectChoice(Sum.CREDIT, _l("Credits less debits")),
            SelectChoice(Sum.DEBITS, _l("Debits alone")),
            SelectChoice(Sum.CREDITS, _l("Credits alone")),
        ],
        default="",
    )

    year_ends: ChoiceField[Any] = ChoiceField(
        _l("Closing of fiscal years"),
        choices=[SelectChoice("", _l("Shown")), SelectChoice("out", _l("Left out"))],
        default="",
    )

    def span(self, codes: Sequence[str]) -> LedgerSpan:
        """The postings of these accounts."""
        return LedgerSpan(
            codes,
            self.first_day,
            self.last_day,
            self.fund_code,
            Sum(self.sum.data) if self.sum.data else natural_sum(codes[0]),
            with_year_ends=not self.year_ends.data,
        )


class LedgerFilter(AccountFilter):
    """Entries of all accounts whose codes begin with one of these digits; of all assets where
    nothing was typed.
    """

    accounts = TextField(_l("Accounts, or how their codes begin"), longest=300)

    def validate_accounts(self, field: TextField) -> None:
        """Codes or their first digits, with commas between them."""
        if not self.codes():
            sentence = _l("No account of the chart begins so. Type codes like 1121, or 4,5.")
            raise ValidationError(sentence)

    def codes(self) -> list[str]:
        """The accounts of the chart that are meant, by code."""
        parts = [part.strip() for part in self.accounts.data.split(",")]
        begins = tuple(part for part in parts if part) or _ASSETS
        return [account.code for account in list_accounts() if account.code.startswith(begins)]

    def chosen(self) -> dict[str, object]:
        """The accounts that were found stand for what was typed."""
        return super().chosen() | {"accounts": ",".join(self.codes())}


class JournalFilter(PeriodFilter):
    """Which entries of the journal, and in which order."""

    kind = ChoiceField(_l("Kind"), EntryKind, blank=_l("All kinds"), default="")
    order: ChoiceField[Any] = ChoiceField(
        _l("Order"),
        choices=[
            SelectChoice("newest", _l("Newest first")),
            SelectChoice("oldest", _l("Oldest first")),
        ],
        default="newest",
    )

    @property
    def entry_kind(self) -> EntryKind | None:
        """The chosen kind, or None for all."""
        return self.kind.member

    @property
    def newest_first(self) -> bool:
        """Whether the newest entry comes first."""
        return bool(self.order.data != "oldest")


class TrailFilter(DaysFilter):
    """Which events of the trail: by whom, to what, of which kind."""

    person = TextField(_l("Person"), longest=200)
    subject: ChoiceField[Any] = ChoiceField(_l("Thing"), default="")
    subject_ref = TextField(_l("Its number"), longest=100)
    action: ChoiceField[Any] = ChoiceField(_l("What was done"), default="")
    #: One thing of the chosen kind as the trail names it: links have it, people type its number.
    #: The page has a sentence of its own for it.
    unnamed = frozenset({"ref"})
    ref = TextField(_l("Thing"), longest=100)

    def __init__(self, args: Mapping[str, Any]) -> None:
        super().__init__(args)
        #: Whom the text in `person` names: public ids of users and names of processes.
        self.actors: list[str] = []
        #: Which things `ref` or `subject_ref` names, by kind; None for all.
        self.things: Mapping[str, Collection[str]] | None = None
        self.subject.choices = choices(labels(), blank=gettext("Everything"))
        self.action.choices = choices(event_texts(), blank=gettext("Everything"))

    def chosen(self) -> dict[str, object]:
        """The people and things that were found stand for what was typed."""
        found = {"person": ",".join(self.actors)} if self.actors else {}
        known = {name: refs for name, refs in self._known() if refs}
        if known:
            numbers = [ref for refs in known.values() for ref in refs]
            found |= {"subject": ",".join(known), "number": ",".join(numbers)}
        return super().chosen() | found

    def _known(self) -> Iterator[tuple[str, list[str]]]:
        viewer = current_actor()
        for name, refs in (self.things or {}).items():
            kind = find_kind(name)
            known = kind.find(refs, viewer) if kind else {}
            yield name, sorted(ref for ref in refs if ref in known)
