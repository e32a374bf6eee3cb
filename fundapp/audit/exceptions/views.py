"""The pages of exceptions."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import STAFF_ROLES, Permission
from fundapp.audit.exceptions import operations, queries
from fundapp.audit.exceptions.forms import DismissForm, ExceptionFilter
from fundapp.audit.exceptions.policy import may_dismiss
from fundapp.audit.exceptions.rules import (
    RULES,
    ExceptionRule,
    Source,
    expected_first_digits,
    first_digits,
)
from fundapp.audit.views.blueprint import blueprint, read_filter, refused
from fundapp.identity.actor_names import name_actors
from fundapp.identity.queries import list_people
from fundapp.remarks.reader import WordsReader
from fundapp.web.filters import with_query
from fundapp.web.forms import Answer, redirect_with, submit

#: Satang: the limit when none is typed.
_USUAL_LIMIT = 1_000_000
_MOST_SHOWN = 200


@blueprint.get("/exceptions")
@requires(Permission.EXCEPTION_READ)
def exceptions() -> str | tuple[str, int]:
    """The rules with what each found in these days, and the first digits of amounts."""
    form = read_filter(ExceptionFilter(request.args))
    if not form.validate():
        return refused("audit/exceptions/exceptions.html", form)
    read = {source: queries.read_source(source, form.first_day, form.last_day) for source in Source}
    limit = form.limit.data or _USUAL_LIMIT
    digits = first_digits(read[Source.ENTRIES][0])
    return render_template(
        "audit/exceptions/exceptions.html",
        form=form,
        rows=[
            (rule.name, _(rule.title), _(rule.why), _count(rule, read[rule.source][0], limit))
            for rule in RULES
        ],
        is_more=any(is_more for _rows, is_more in read.values()),
        most=queries.MOST_LINES,
        digits=digits,
        expected=expected_first_digits(sum(digits)),
    )


@blueprint.get("/exceptions/<rule>")
@requires(Permission.EXCEPTION_READ)
def exception_rule(rule: str) -> str | tuple[str, int]:
    """What one rule found."""
    kind, days = _asked(rule)
    if not days.validate():
        return refused("audit/exceptions/rule.html", days)
    form = DismissForm(formdata=None, data={"key": request.args.get("dismiss")})
    return _rule_page(kind, days, form)


@blueprint.post("/exceptions/<rule>/dismiss")
@requires(Permission.EXCEPTION_DISMISS)
def dismiss_exception(rule: str) -> Answer:
    """Note why nothing follows from one that the rule finds in these days."""
    kind, days = _asked(rule)
    if not days.validate():
        return refused("audit/exceptions/rule.html", days)
    form, actor, key = DismissForm(), current_actor(), request.form.get("key", "")
    back = url_for("audit.exception_rule", rule=rule) + with_query(request.args, dismiss=None)
    return submit(
        form,
        lambda: operations.dismiss_exception(
            rule, key, form.reason.value, among=_days(days), actor=actor
        ),
        done=lambda _dismissal: redirect_with(_("The reason is stored."), back),
        page=lambda: _rule_page(kind, days, form),
    )


def _count(rule: ExceptionRule, rows: Sequence[Any], limit: int) -> int:
    return sum(1 for _found in rule.find(rows, limit))


def _unknown_accounts() -> int:
    """Of how many people who work for the fund no account is noted."""
    return queries.count_people_without_account(user.id for user in list_people(*STAFF_ROLES))


def _asked(name: str) -> tuple[ExceptionRule, ExceptionFilter]:
    """The rule, and the days that the address names."""
    return queries.get_rule(name), read_filter(ExceptionFilter(request.args))


def _days(form: ExceptionFilter) -> queries.SeenDays:
    limit = form.limit.data or _USUAL_LIMIT
    return queries.SeenDays(form.first_day, form.last_day, limit)


def _rule_page(rule: ExceptionRule, days: ExceptionFilter, form: DismissForm) -> str:
    found, is_more = queries.find_exceptions(rule, _days(days))
    shown = found[-_MOST_SHOWN:]
    keys, actor = [row.key for row in shown], current_actor()
    dismissed = queries.find_dismissals(rule.name, keys)
    people = {person for row in shown for person in row.people}
    return render_template(
        "audit/exceptions/rule.html",
        form=days,
        dismiss_form=form,
        rule=rule,
        title=_(rule.title),
        why=_(rule.why),
        chosen=form.key.data in keys,
        rows=shown[::-1],
        count=len(found),
        dismissed=dismissed,
        reasons=WordsReader(actor).by_digest(row.reason_digest for row in dismissed.values()),
        names=name_actors(people | {row.dismissed_by for row in dismissed.values()}),
        may_dismiss=may_dismiss(actor),
        is_more=is_more,
        most=queries.MOST_LINES,
        unknown=_unknown_accounts() if rule.name == "staff-accounts" else 0,
    )
