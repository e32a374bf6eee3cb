"""The pages of exceptions."""

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.audit.exceptions import operations, queries
from fundapp.audit.exceptions.forms import DismissForm, ExceptionFilter
from fundapp.audit.exceptions.policy import may_dismiss
from fundapp.audit.exceptions.rules import (
    RULES,
    ExceptionRule,
    Found,
    expected_first_digits,
    first_digits,
)
from fundapp.audit.views.blueprint import blueprint, read_filter, refused
from fundapp.identity.actor_names import name_actors
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
    lines, is_more = queries.read_lines(form.first_day, form.last_day)
    limit = form.limit.data or _USUAL_LIMIT
    digits = first_digits(lines)
    return render_template(
        "audit/exceptions/exceptions.html",
        form=form,
        rows=[
            (rule.name, _(rule.title), _(rule.why), sum(1 for _found in rule.find(lines, limit)))
            for rule in RULES
        ],
        is_more=is_more,
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
    return _rule_page(kind, days, _find(kind, days), form)


@blueprint.post("/exceptions/<rule>/dismiss")
@requires(Permission.EXCEPTION_DISMISS)
def dismiss_exception(rule: str) -> Answer:
    """Note why nothing follows from one that the rule finds in these days."""
    kind, days = _asked(rule)
    if not days.validate():
        return refused("audit/exceptions/rule.html", days)
    form, actor, found = DismissForm(), current_actor(), _find(kind, days)
    key = form.key.data or ""
    if key not in {row.key for row in found}:
        abort(404)
    back = url_for("audit.exception_rule", rule=rule) + with_query(request.args, dismiss=None)
    return submit(
        form,
        lambda: operations.dismiss_exception(rule, key, form.reason.value, actor=actor),
        done=lambda _dismissal: redirect_with(_("The reason is stored."), back),
        page=lambda: _rule_page(kind, days, found, form),
    )


def _asked(name: str) -> tuple[ExceptionRule, ExceptionFilter]:
    """The rule, and the days that the address names."""
    rule = next((each for each in RULES if each.name == name), None)
    if rule is None:
        abort(404)
    return rule, read_filter(ExceptionFilter(request.args))


def _find(rule: ExceptionRule, days: ExceptionFilter) -> list[Found]:
    lines, _is_more = queries.read_lines(days.first_day, days.last_day)
    return list(rule.find(lines, days.limit.data or _USUAL_LIMIT))


def _rule_page(
    rule: ExceptionRule, days: ExceptionFilter, found: list[Found], form: DismissForm
) -> str:
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
    )
