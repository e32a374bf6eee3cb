"""Roles, districts and written exceptions of a person, for administrators."""

from flask import current_app, render_template
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission, Role
from fundapp.identity import operations, queries
from fundapp.identity.forms import (
    ROLE_HINTS,
    ExceptionForm,
    RolesForm,
)
from fundapp.identity.kinds import EXCEPTION
from fundapp.identity.models import User
from fundapp.identity.views.blueprint import blueprint
from fundapp.identity.views.person import to_user, user_page
from fundapp.places.queries import list_districts
from fundapp.proposals.operations import make_proposal
from fundapp.web.forms import Answer, ButtonForm, submit
from fundapp.web.locale import localized


@blueprint.get("/users/<public_id>/roles")
@requires(Permission.USER_MANAGE)
def roles(public_id: str) -> str:
    """The form for the roles and districts of a person."""
    person = queries.get_user(public_id)
    form = _roles_form(person)
    form.version.data = person.authority()
    form.roles.data = [str(role) for role in person.role_set()]
    form.until.data = person.last_days().get(Role.AUDITOR)
    form.districts.data = list(person.districts_of(Role.CASE_MANAGER))
    form.supervised.data = list(person.districts_of(Role.SUPERVISOR))
    return _roles_page(form, person)


@blueprint.post("/users/<public_id>/roles")
@requires(Permission.USER_MANAGE)
@fresh_factor
def change_roles(public_id: str) -> Answer:
    """Take roles or districts away at once, or propose others for a second person to confirm."""
    form, actor = _roles_form(queries.get_user(public_id)), current_actor()
    return submit(
        form,
        lambda: operations.propose_roles(
            public_id,
            roles=form.role_map(),
            until=form.until.data,
            version=form.version.data or "",
            actor=actor,
        ),
        done=lambda proposal: to_user(
            queries.get_user(public_id),
            _("What was taken away is gone. That person is signed out everywhere.")
            if proposal is None
            else _("Proposed. It holds when another administrator confirms it."),
        ),
        page=lambda: _roles_page(form, queries.get_user(public_id)),
    )


@blueprint.get("/users/<public_id>/exceptions")
@requires(Permission.USER_MANAGE)
def exceptions(public_id: str) -> str:
    """The form of a written exception."""
    return _exception_page(ExceptionForm(), queries.get_user(public_id))


@blueprint.post("/users/<public_id>/exceptions")
@requires(Permission.USER_MANAGE)
@fresh_factor
def propose_exception(public_id: str) -> Answer:
    """Propose that a person holds two roles until a day."""
    form, actor = ExceptionForm(), current_actor()
    return submit(
        form,
        lambda: make_proposal(EXCEPTION, public_id, form.values(), actor=actor),
        done=lambda _proposal: to_user(
            queries.get_user(public_id),
            _("Proposed. It holds when another administrator confirms it."),
        ),
        page=lambda: _exception_page(form, queries.get_user(public_id)),
    )


@blueprint.post("/users/<public_id>/exceptions/<int:exception_id>/end")
@requires(Permission.USER_MANAGE)
@fresh_factor
def end_exception(public_id: str, exception_id: int) -> Answer:
    """End a written exception today."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.end_exception(public_id, exception_id, actor=actor),
        done=lambda _exception: to_user(
            queries.get_user(public_id),
            _("The exception is over. The role that it allowed is idle."),
        ),
        page=lambda: user_page(public_id, form),
    )


def _roles_page(form: RolesForm, person: User) -> str:
    return render_template("identity/roles_form.html", form=form, person=person, hints=ROLE_HINTS)


def _exception_page(form: ExceptionForm, person: User) -> str:
    return render_template("identity/exception_form.html", form=form, person=person)


def _roles_form(person: User) -> RolesForm:
    form = RolesForm()
    form.districts.choices = district_choices(person.district_codes())
    form.supervised.choices = district_choices(person.district_codes())
    return form


def district_choices(held: frozenset[str] = frozenset()) -> list[SelectChoice]:
    """The districts of our province, and those that the person has already."""
    province_code = str(current_app.config["PROVINCE_CODE"])
    return [
        SelectChoice(district.code, localized(district))
        for district in list_districts()
        if district.province_code == province_code or district.code in held
    ]
