"""The people who may sign in, for the administrator."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission, Role
from fundapp.db import unit_of_work
from fundapp.errors import DomainError, NotFoundError, StaleError
from fundapp.identity import operations, passwords, queries
from fundapp.identity.forms import DistrictsForm, RolesForm, UserForm
from fundapp.identity.labels import ROLE_HINTS
from fundapp.identity.models import User
from fundapp.identity.views import blueprint
from fundapp.identity.views.fields import show_on_form
from fundapp.paging import page_of
from fundapp.places.queries import list_districts
from fundapp.trail.queries import list_events
from fundapp.web.locale import localized

PAGE = 50


@blueprint.get("/users")
@requires(Permission.USER_MANAGE)
def users() -> str:
    """Everybody who may or might sign in."""
    rows = queries.list_users(after=request.args.get("after"), limit=PAGE + 1)
    page = page_of(rows, PAGE, lambda user: user.public_id)
    return render_template("identity/users.html", page=page)


@blueprint.get("/users/new")
@requires(Permission.USER_MANAGE)
def new_user() -> str:
    """The form for a person."""
    return render_template("identity/user_form.html", form=_user_form(), hints=ROLE_HINTS)


@blueprint.post("/users")
@requires(Permission.USER_MANAGE)
def create_user() -> tuple[str, int]:
    """Let a person sign in, and show the first password once."""
    form = _user_form()
    if form.validate_on_submit():
        password = passwords.make_password()
        try:
            user = unit_of_work(
                operations.create_user,
                form.email.data or "",
                name=form.name.data or "",
                password=password,
                roles=[Role(form.role.data)],
                districts=form.districts.data or (),
                actor=current_actor(),
            )
        except DomainError as error:
            show_on_form(form, error)
        else:
            return render_template(
                "identity/first_password.html", user=user, password=password
            ), 201
    return render_template("identity/user_form.html", form=form, hints=ROLE_HINTS), 422


@blueprint.get("/users/<public_id>")
@requires(Permission.USER_MANAGE)
def user(public_id: str) -> str:
    """One person: roles, districts, what happened."""
    person = queries.get_user(public_id)
    events = list_events("user", public_id, limit=50)
    codes = person.district_codes()
    return render_template(
        "identity/user.html",
        person=person,
        districts=[district for district in list_districts() if district.code in codes],
        sessions=queries.list_open_sessions(person),
        events=events,
        actor_names=queries.names_of(event.actor for event in events),
    )


@blueprint.get("/users/<public_id>/roles")
@requires(Permission.USER_MANAGE)
def roles(public_id: str) -> str:
    """The form for what a person may do."""
    person = queries.get_user(public_id)
    form = _roles_form(person)
    form.version.data = person.authority()
    form.roles.data = [str(role) for role in person.role_set()]
    form.districts.data = list(person.district_codes())
    return _roles_page(form, person)


@blueprint.post("/users/<public_id>/roles")
@requires(Permission.USER_MANAGE)
def change_roles(public_id: str) -> Response | tuple[str, int]:
    """Give a person other roles or districts; that person's sessions end."""
    person = queries.get_user(public_id)
    form = _roles_form(person)
    if form.validate_on_submit():
        try:
            person = unit_of_work(
                operations.change_roles,
                public_id,
                roles=[Role(role) for role in form.roles.data or ()],
                districts=form.districts.data or (),
                version=form.version.data or "",
                actor=current_actor(),
            )
        except (NotFoundError, StaleError):
            raise
        except DomainError as error:
            show_on_form(form, error)
        else:
            name = person.display_name
            flash(_("The roles and districts of %(name)s are saved.", name=name), "success")
            return redirect(url_for("identity.user", public_id=public_id), 303)
    return _roles_page(form, queries.get_user(public_id)), 422


@blueprint.post("/users/<public_id>/end-sessions")
@requires(Permission.USER_MANAGE)
def end_sessions(public_id: str) -> Response:
    """Sign a person out everywhere."""
    actor = current_actor()
    person = unit_of_work(operations.end_sessions, public_id, actor=actor)
    flash(_("%(name)s has been signed out everywhere.", name=person.display_name), "success")
    return redirect(url_for("identity.user", public_id=public_id), 303)


@blueprint.post("/users/<public_id>/disable")
@requires(Permission.USER_MANAGE)
def disable_user(public_id: str) -> Response:
    """Let a person sign in no more."""
    actor = current_actor()
    person = unit_of_work(operations.disable_user, public_id, actor=actor)
    flash(_("%(name)s may not sign in any more.", name=person.display_name), "success")
    return redirect(url_for("identity.user", public_id=public_id), 303)


@blueprint.post("/users/<public_id>/enable")
@requires(Permission.USER_MANAGE)
def enable_user(public_id: str) -> Response:
    """Let a disabled person sign in again."""
    actor = current_actor()
    person = unit_of_work(operations.enable_user, public_id, actor=actor)
    flash(_("%(name)s may sign in again.", name=person.display_name), "success")
    return redirect(url_for("identity.user", public_id=public_id), 303)


@blueprint.post("/users/<public_id>/reset-password")
@requires(Permission.USER_MANAGE)
def reset_password(public_id: str) -> str:
    """Give a person a new password, shown once; that person's sessions end."""
    password = passwords.make_password()
    person = unit_of_work(
        operations.reset_password,
        public_id,
        new=password,
        actor=current_actor(),
    )
    return render_template("identity/first_password.html", user=person, password=password)


def _user_form() -> UserForm:
    form = UserForm()
    _offer_districts(form)
    return form


def _roles_form(person: User) -> RolesForm:
    form = RolesForm()
    _offer_districts(form, person.district_codes())
    return form


def _roles_page(form: RolesForm, person: User) -> str:
    return render_template("identity/roles_form.html", form=form, person=person, hints=ROLE_HINTS)


def _offer_districts(form: DistrictsForm, held: frozenset[str] = frozenset()) -> None:
    """Those of our province, and what the person holds already."""
    ours = str(current_app.config["PROVINCE_CODE"])
    form.districts.choices = [
        SelectChoice(district.code, localized(district))
        for district in list_districts()
        if district.province_code == ours or district.code in held
    ]
