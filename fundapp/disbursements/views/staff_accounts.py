"""Accounts of those who work for the fund, for administrators: how many of whom are noted."""

from flask import render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import STAFF_ROLES, Permission
from fundapp.disbursements import operations, queries
from fundapp.disbursements.forms import StaffAccountForm
from fundapp.disbursements.views.blueprint import blueprint
from fundapp.identity.queries import list_people
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/staff-accounts")
@requires(Permission.USER_MANAGE)
def staff_accounts() -> str:
    """Of whom accounts are noted, and the form that notes one."""
    return _page(StaffAccountForm())


@blueprint.post("/staff-accounts")
@requires(Permission.USER_MANAGE)
@fresh_factor
def note_staff_account() -> Answer:
    """Note an account of a person."""
    form, actor = StaffAccountForm().offer(list_people(*STAFF_ROLES)), current_actor()
    return submit(
        form,
        lambda: operations.note_staff_account(form.person.data, form.account(), actor=actor),
        done=lambda _noted: redirect_with(
            _("The account is noted. Its number is not kept."),
            url_for("disbursements.staff_accounts"),
        ),
        page=lambda: _page(form),
    )


def _page(form: StaffAccountForm) -> str:
    people = list_people(*STAFF_ROLES)
    return render_template(
        "disbursements/staff_accounts.html",
        form=form.offer(people),
        people=people,
        counts=queries.count_staff_accounts(),
    )
