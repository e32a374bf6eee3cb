"""The pages of exceptions."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.audit.exceptions import operations, queries
from fundapp.audit.exceptions.forms import DismissForm, ExceptionFilter
from fundapp.audit.exceptions.policy import may_dismiss
from fundapp.audit.exceptions.rules import RULES, expected_first_digits, first_digits
from fundapp.audit.views.blueprint import blueprint, read_filter, refused
from fundapp.identity.actor_names import name_actors
from fundapp.remarks.reader import WordsReader
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
    return _rule_page(rule, DismissForm(formdata=None, data={"key": request.args.get("dismiss")}))


@blueprint.post("/exceptions/<rule>/dismiss")
@requires(Permission.EXCEPTION_DISMISS)
def dismiss_exception(rule: str) -> Answer:
    """Note why nothing follows from one of them."""
    form, actor = DismissForm(), current_actor()
    key = (form.key.data or "")[:2000]
    if not key:
        abort(404)
    return submit(
        form,
        lambda: operations.dismiss_exception(rule, key, form.reason.value, actor=actor),
        done=lambda _dismissal: redirect_with(
            _("The reason is stored."),
            url_for("audit.exception_rule", rule=rule, **_days()),
        ),
        page=lambda: str(_rule_page(rule, form)),
    )


def _days() -> dict[str, Any]:
    """What the list was asked for, without the one that a reason is written to."""
    return {name: text for name, text in request.args.items() if name != "dismiss"}


def _rule_page(name: str, form: DismissForm) -> str | tuple[str, int]:
    rule = next((each for each in RULES if each.name == name), None)
    if rule is None:
        abort(404)
    days = read_filter(ExceptionFilter(request.args))
    if not days.validate():
        return refused("audit/exceptions/rule.html", days)
    lines, _is_more = queries.read_lines(days.first_day, days.last_day)
    found = list(rule.find(lines, days.limit.data or _USUAL_LIMIT))
    shown = found[-_MOST_SHOWN:]
    dismissed, actor = queries.find_dismissals(name, (row.key for row in shown)), current_actor()
    people = {person for row in shown for person in row.people}
    return render_template(
        "audit/exceptions/rule.html",
        form=days,
        dismiss_form=form,
        rule=rule,
        title=_(rule.title),
        why=_(rule.why),
        chosen=bool(form.key.data),
        rows=shown[::-1],
        count=len(found),
        dismissed=dismissed,
        reasons=WordsReader(actor).by_digest(row.reason_digest for row in dismissed.values()),
        names=name_actors(people | {row.dismissed_by for row in dismissed.values()}),
        may_dismiss=may_dismiss(actor),
    )
