"""The people who may sign in, for the administrator."""

from collections.abc import Callable

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission, Role
from fundapp.identity import operations, passwords, queries
from fundapp.identity.forms import ROLE_HINTS, DistrictsForm, RolesForm, UserForm
from fundapp.identity.models import User
from fundapp.identity.views.blueprint import blueprint
from fundapp.paging import page_of
from fundapp.places.queries import list_districts
from fundapp.trail.queries import list_events
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit
from fundapp.web.locale import localized

PAGE = 50


@blueprint.get("/users")
@requires(Permission.USER_MANAGE)
def users() -> str:
    """Everybody who may sign in, or is disabled."""
    rows = queries.list_users(after=request.args.get("after"), limit=PAGE + 1)
    page = page_of(rows, PAGE, lambda user: user.public_id)
    return render_template("identity/users.html", page=page)


@blueprint.get("/users/new")
@requires(Permission.USER_MANAGE)
def new_user() -> str:
    """The form for a new person."""
    return _new_user_page(_user_form())


@blueprint.post("/users")
@requires(Permission.USER_MANAGE)
def create_user() -> Answer:
    """Let a person sign in, and show the first password once."""
    form, password, actor = _user_form(), passwords.make_password(), current_actor()
    return submit(
        form,
        lambda: operations.create_user(
            form.email.value,
            name=form.name.data,
            password=password,
            roles=[form.role.value],
            districts=form.districts.data or (),
            actor=actor,
        ),
        done=lambda user: (_password_page(user, password), 201),
        page=lambda: _new_user_page(form),
    )


@blueprint.get("/users/<public_id>")
@requires(Permission.USER_MANAGE)
def user(public_id: str) -> str:
    """One person: roles, districts, history."""
    return _user_page(public_id, ButtonForm())


@blueprint.get("/users/<public_id>/roles")
@requires(Permission.USER_MANAGE)
def roles(public_id: str) -> str:
    """The form for the roles and districts of a person."""
    person = queries.get_user(public_id)
    form = _roles_form(person)
    form.version.data = person.authority()
    form.roles.data = [str(role) for role in person.role_set()]
    form.districts.data = list(person.district_codes())
    return _roles_page(form, person)


@blueprint.post("/users/<public_id>/roles")
@requires(Permission.USER_MANAGE)
def change_roles(public_id: str) -> Answer:
    """Give a person other roles or districts; that person's sessions end."""
    form, actor = _roles_form(queries.get_user(public_id)), current_actor()
    return submit(
        form,
        lambda: operations.change_roles(
            public_id,
            roles=[Role(role) for role in form.roles.data or ()],
            districts=form.districts.data or (),
            version=form.version.data or "",
            actor=actor,
        ),
        done=lambda user: redirect_with(
            _("The roles and districts of %(name)s are saved.", name=user.display_name),
            url_for("identity.user", public_id=public_id),
        ),
        page=lambda: _roles_page(form, queries.get_user(public_id)),
    )


@blueprint.post("/users/<public_id>/end-sessions")
@requires(Permission.USER_MANAGE)
def end_sessions(public_id: str) -> Answer:
    """Sign a person out everywhere."""
    return _submit_button(
        public_id,
        operations.end_sessions,
        lambda name: _("%(name)s has been signed out everywhere.", name=name),
    )


@blueprint.post("/users/<public_id>/disable")
@requires(Permission.USER_MANAGE)
def disable_user(public_id: str) -> Answer:
    """Let a person sign in no more."""
    return _submit_button(
        public_id,
        operations.disable_user,
        lambda name: _("%(name)s may not sign in any more.", name=name),
    )


@blueprint.post("/users/<public_id>/enable")
@requires(Permission.USER_MANAGE)
def enable_user(public_id: str) -> Answer:
    """Let a disabled person sign in again."""
    return _submit_button(
        public_id,
        operations.enable_user,
        lambda name: _("%(name)s may sign in again.", name=name),
    )


@blueprint.post("/users/<public_id>/reset-password")
@requires(Permission.USER_MANAGE)
def reset_password(public_id: str) -> Answer:
    """Give a person a new password, shown once; that person's sessions end."""
    form, password, actor = ButtonForm(), passwords.make_password(), current_actor()
    return submit(
        form,
        lambda: operations.reset_password(public_id, new=password, actor=actor),
        done=lambda user: (_password_page(user, password), 200),
        page=lambda: _user_page(public_id, form),
    )


def _submit_button(
    public_id: str, operation: Callable[..., User], message: Callable[[str], str]
) -> Answer:
    """Carry out a button of a person's page, and return to it."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operation(public_id, actor=actor),
        done=lambda user: redirect_with(
            message(user.display_name), url_for("identity.user", public_id=public_id)
        ),
        page=lambda: _user_page(public_id, form),
    )


def _user_page(public_id: str, form: ButtonForm) -> str:
    person = queries.get_user(public_id)
    events = list_events("user", public_id, limit=50)
    codes = person.district_codes()
    return render_template(
        "identity/user.html",
        form=form,
        person=person,
        districts=[district for district in list_districts() if district.code in codes],
        sessions=queries.list_open_sessions(person),
        events=events,
        actor_names=queries.names_of(event.actor for event in events),
    )


def _new_user_page(form: UserForm) -> str:
    return render_template("identity/user_form.html", form=form, hints=ROLE_HINTS)


def _roles_page(form: RolesForm, person: User) -> str:
    return render_template("identity/roles_form.html", form=form, person=person, hints=ROLE_HINTS)


def _password_page(user: User, password: str) -> str:
    return render_template("identity/first_password.html", user=user, password=password)


def _user_form() -> UserForm:
    form = UserForm()
    _set_district_choices(form)
    return form


def _roles_form(person: User) -> RolesForm:
    form = RolesForm()
    _set_district_choices(form, person.district_codes())
    return form


def _set_district_choices(form: DistrictsForm, held: frozenset[str] = frozenset()) -> None:
    """Offer the districts of our province, and those that the person has already."""
    province_code = str(current_app.config["PROVINCE_CODE"])
    form.districts.choices = [
        SelectChoice(district.code, localized(district))
        for district in list_districts()
        if district.province_code == province_code or district.code in held
    ]
