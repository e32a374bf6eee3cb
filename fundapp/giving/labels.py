"""What a pledge comes to, as a sum that people can check: "500 × 12 months = 6,000 baht"."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from flask_babel import force_locale, gettext

from fundapp.giving.models import Frequency
from fundapp.giving.schedule import TIMES_A_YEAR
from fundapp.ledger.models import Fund
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.web.locale import localized

_ALIKE = {
    Frequency.MONTHLY: N_("%(each)s × %(count)s months = %(total)s baht"),
    Frequency.QUARTERLY: N_("%(each)s × %(count)s quarters = %(total)s baht"),
    Frequency.TERM: N_("%(each)s × %(count)s school terms = %(total)s baht"),
    Frequency.YEARLY: N_("%(each)s × %(count)s years = %(total)s baht"),
}
_UNLIKE = N_("%(first)s × %(some)s + %(rest)s × %(others)s = %(total)s baht")
_OPEN_ENDED = {
    Frequency.MONTHLY: N_("%(each)s baht every month until you stop: %(total)s in a year"),
    Frequency.QUARTERLY: N_("%(each)s baht every three months until you stop: %(total)s in a year"),
    Frequency.TERM: N_("%(each)s baht every school term until you stop: %(total)s in a year"),
    Frequency.YEARLY: N_("%(each)s baht every year until you stop"),
}


def pledge_sum(frequency: Frequency, amounts: Sequence[int], *, is_counted: bool) -> str:
    """What instalments of these satang come to; of an open-ended pledge, ``amounts`` is the amount
    each time. The empty text for a single gift, and for instalments of three amounts and more.
    """
    if frequency is Frequency.ONCE or not amounts:
        return ""
    if not is_counted:
        return _open_ended(frequency, amounts[0])
    runs = [(satang, len(list(run))) for satang, run in groupby(amounts)]
    total = short_baht(sum(amounts))
    if len(runs) == 1:
        [(each, count)] = runs
        values = {"each": short_baht(each), "count": count, "total": total}
        return gettext(_ALIKE[frequency], **values) if count > 1 else ""
    if len(runs) > 2:
        return ""
    (first, some), (rest, others) = runs
    return gettext(
        _UNLIKE,
        first=short_baht(first),
        some=some,
        rest=short_baht(rest),
        others=others,
        total=total,
    )


def sum_patterns() -> dict[str, str]:
    """The sentences for the script that shows the sum while one types: by frequency, with
    ``{each}``, ``{count}``, ``{total}`` … for the numbers.
    """
    names = ("each", "count", "total", "first", "some", "rest", "others")
    blanks = {name: f"{{{name}}}" for name in names}
    alike = {f"{key}": gettext(text, **blanks) for key, text in _ALIKE.items()}
    open_ended = {f"{key}-open": gettext(text, **blanks) for key, text in _OPEN_ENDED.items()}
    return {**alike, **open_ended, "unlike": gettext(_UNLIKE, **blanks)}


def funds_text(funds: Iterable[Fund]) -> str:
    """The names of funds in the reader's language, one after another."""
    return ", ".join(localized(fund) for fund in funds)


def short_baht(satang: int) -> str:
    """``500`` or ``500.50``: as people write it in a sum."""
    return format_baht(satang).removesuffix(".00")


def _open_ended(frequency: Frequency, each: int) -> str:
    total = short_baht(each * TIMES_A_YEAR[frequency])
    return gettext(_OPEN_ENDED[frequency], each=short_baht(each), total=total)


def checkout_title(locale: str) -> str:
    """What the card processor's page calls a gift, in a pledge's language."""
    with force_locale(locale):
        return gettext("Gift to the children of Yala")
