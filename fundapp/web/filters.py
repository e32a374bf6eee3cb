"""What templates call: money, days, instants, labels and names as people write them, and links."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request
from flask_babel import format_date, gettext
from markupsafe import Markup, escape

from fundapp.clock import BANGKOK, local_day, now
from fundapp.labels import LabelledEnum
from fundapp.money import format_baht
from fundapp.paging import MOST_COUNTED
from fundapp.thai.calendar import THAI_MONTHS, THAI_MONTHS_SHORT, be_year, format_day_short_th
from fundapp.web.cards import card_cells
from fundapp.web.locale import locale_code, localized, written_day

_NAME_PART = Markup('<span class="name-part" lang="th">{}</span>')
_THAI = re.compile(r"[\u0e01-\u0e4e]")


def day(value: date) -> str:
    """``24 พฤศจิกายน 2569`` in Thai, ``24 November 2026`` in English and Malay."""
    return written_day(value)


def day_short(value: date) -> str:
    """``24 พ.ย. 69`` in Thai, ``24 Nov 2026`` otherwise."""
    return format_day_short_th(value) if locale_code() == "th" else format_date(value, "d MMM y")


def month(value: date) -> str:
    """``พฤศจิกายน 2569`` in Thai, ``November 2026`` otherwise."""
    if locale_code() == "th":
        return f"{THAI_MONTHS[value.month - 1]} {be_year(value.year)}"
    return str(format_date(value, "MMMM y"))


def month_short(value: date) -> str:
    """``ต.ค. 69`` in Thai, ``Oct 26`` otherwise."""
    if locale_code() == "th":
        return f"{THAI_MONTHS_SHORT[value.month - 1]} {be_year(value.year) % 100:02d}"
    return str(format_date(value, "MMM yy"))


def moment_day(value: datetime) -> str:
    """The day in Thailand of an instant, as `day_short` writes it."""
    return day_short(local_day(value))


def moment(value: datetime) -> str:
    """Day and time in Thailand: ``25 พ.ย. 69 00.30 น.``, or ``25 Nov 2026 00:30``."""
    local = value.astimezone(BANGKOK)
    return f"{day_short(local.date())} {hour(f'{local:%H:%M}')}"


def hour(text: str) -> str:
    """A time of day, ``HH:MM`` or ``HH:MM:SS`` as banks state it: ``10.18 น.`` in Thai, as it is
    otherwise; an empty one is empty.
    """
    return f"{text.replace(':', '.')} น." if text and locale_code() == "th" else text


def label(value: LabelledEnum) -> str:
    """The label of a member of an enumeration, in the language in use."""
    return str(gettext(value.label))


def name_parts(name: str) -> Markup:
    """A name whose parts stay whole: a browser looks for words in Thai, which is written without
    spaces, and would break a surname in two.
    """
    parts = (
        _NAME_PART.format(part) if _THAI.search(part) else escape(part) for part in name.split()
    )
    return Markup(" ").join(parts)


def counted(number: int) -> str:
    """A number that `fundapp.db.counting` counted: "more than 1,000" where it stopped."""
    if number > MOST_COUNTED:
        return str(gettext("more than %(number)s", number=f"{MOST_COUNTED:,}"))
    return f"{number:,}"


def memo_text(memo: str) -> str:
    """The memo of an entry: ours are message ids; what a person wrote is shown as it was typed."""
    return str(gettext(memo)) if memo else ""


def with_query(args: Mapping[str, Any], **changes: str | None) -> str:
    """A relative link ("?…") with the query ``args`` and ``changes``; None removes a key.

    A key that occurs several times keeps all its values.
    """
    lists = getattr(args, "lists", None)
    pairs: Iterable[tuple[str, Any]] = lists() if lists else args.items()
    kept = {key: value for key, value in pairs if key not in changes}
    kept |= {key: value for key, value in changes.items() if value is not None}
    return "?" + urlencode(kept, doseq=True)


def kept_query() -> Mapping[str, Any]:
    """The query of the request, for links to this page; empty on a page that is made for all."""
    return {} if g.get("made_for_all") else request.args


def amount_text(satang: int, sign: bool = False, zero: str | None = None) -> str:
    """An amount with a true minus sign; with ``sign`` a plus as well, and ``zero`` for nothing."""
    if satang == 0 and zero is not None:
        return zero
    mark = "−" if satang < 0 else "+" if sign and satang > 0 else ""
    return mark + format_baht(abs(satang))


def amount_classes(satang: int | None, sign: bool = False) -> str:
    """The CSS classes of an amount below zero and, with ``sign``, above it."""
    if not satang:
        return ""
    return " amount-minus" if satang < 0 else " amount-plus" if sign else ""


def init_app(app: Flask) -> None:
    """Register the filters and functions."""
    app.jinja_env.filters.update(
        amount_classes=amount_classes,
        amount_text=amount_text,
        baht=format_baht,
        card_cells=card_cells,
        counted=counted,
        day=day,
        day_short=day_short,
        hour=hour,
        label=label,
        memo_text=memo_text,
        moment=moment,
        moment_day=moment_day,
        month=month,
        name_parts=name_parts,
        localized=localized,
    )
    app.jinja_env.globals.update(kept_query=kept_query, now=now, with_query=with_query)
