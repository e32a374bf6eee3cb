"""Template filters: money, days, instants and names, as people here write them."""

from datetime import date, datetime

from flask import Flask
from flask_babel import format_date, gettext

from fundapp.clock import BANGKOK, local_day
from fundapp.labels import LabelledEnum
from fundapp.money import format_baht
from fundapp.thai.calendar import format_day_short_th, format_day_th
from fundapp.web.locale import locale_code, localized


def day(value: date) -> str:
    """``24 พฤศจิกายน 2569`` in Thai, ``24 November 2026`` in English, ``24 November 2026`` in
    Malay.
    """
    return format_day_th(value) if locale_code() == "th" else format_date(value, "d MMMM y")


def day_short(value: date) -> str:
    """``24 พ.ย. 69`` in Thai, ``24 Nov 2026`` otherwise."""
    return format_day_short_th(value) if locale_code() == "th" else format_date(value, "d MMM y")


def moment_day(value: datetime) -> str:
    """The day in Thailand of an instant, in short."""
    return day_short(local_day(value))


def moment(value: datetime) -> str:
    """Day and time in Thailand."""
    local = value.astimezone(BANGKOK)
    suffix = " น." if locale_code() == "th" else ""
    return f"{day_short(local.date())} {local:%H:%M}{suffix}"


def label(value: LabelledEnum) -> str:
    """What a member of an enumeration is called, in the language in use."""
    return str(gettext(value.label))


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        baht=format_baht,
        day=day,
        label=label,
        day_short=day_short,
        moment=moment,
        moment_day=moment_day,
        localized=localized,
    )
