"""The people who may sign in, for the administrator."""

from collections.abc import Callable

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission, Role
from fundapp.identity import operations, passwords, queries
from fundapp.identity.forms import ROLE_HINTS, ExceptionForm, RolesForm, UserForm
from fundapp.identity.kinds import ENABLED, ENABLING, EXCEPTION, KINDS
from fundapp.identity.models import User
from fundapp.identity.views.blueprint import blueprint
from fundapp.paging import page_of
from fundapp.places.queries import list_districts
from fundapp.proposals.operations import make_proposal
from fundapp.proposals.queries import find_open_proposal
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
    form.districts.data = list(person.districts_of(Role.CASE_MANAGER))
    form.supervised.data = list(person.districts_of(Role.SUPERVISOR))
    return _roles_page(form, person)


@blueprint.post("/users/<public_id>/roles")
@requires(Permission.USER_MANAGE)
def change_roles(public_id: str) -> Answer:
    """Take roles or districts away at once, or propose others for a second person to confirm."""
    form, actor = _roles_form(queries.get_user(public_id)), current_actor()
    return submit(
        form,
        lambda: operations.propose_roles(
            public_id,
            roles=form.role_map(),
            version=form.version.data or "",
            actor=actor,
        ),
        done=lambda proposal: _to_user(
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
def propose_exception(public_id: str) -> Answer:
    """Propose that a person holds two roles until a day."""
    form, actor = ExceptionForm(), current_actor()
    return submit(
        form,
        lambda: make_proposal(EXCEPTION, public_id, form.values(), actor=actor),
        done=lambda _proposal: _to_user(
            queries.get_user(public_id),
            _("Proposed. It holds when another administrator confirms it."),
        ),
        page=lambda: _exception_page(form, queries.get_user(public_id)),
    )


@blueprint.post("/users/<public_id>/exceptions/<int:exception_id>/end")
@requires(Permission.USER_MANAGE)
def end_exception(public_id: str, exception_id: int) -> Answer:
    """End a written exception today."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.end_exception(public_id, exception_id, actor=actor),
        done=lambda _exception: _to_user(
            queries.get_user(public_id),
            _("The exception is over. The role that it allowed is idle."),
        ),
        page=lambda: _user_page(public_id, form),
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
    """Propose that a disabled person may sign in again."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: make_proposal(ENABLING, public_id, ENABLED, actor=actor),
        done=lambda _proposal: _to_user(
            queries.get_user(public_id),
            _("Proposed. It holds when another administrator confirms it."),
        ),
        page=lambda: _user_page(public_id, form),
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
        done=lambda user: _to_user(user, message(user.display_name)),
        page=lambda: _user_page(public_id, form),
    )


def _to_user(user: User, message: str) -> Response:
    return redirect_with(message, url_for("identity.user", public_id=user.public_id))


def _user_page(public_id: str, form: ButtonForm) -> str:
    person = queries.get_user(public_id)
    events = list_events("user", public_id, limit=50)
    codes = person.district_codes()
    return render_template(
        "identity/user.html",
        form=form,
        person=person,
        districts=[district for district in list_districts() if district.code in codes],
        waiting=[
            (_(kind.title), found)
            for kind in KINDS
            if (found := find_open_proposal(kind.name, public_id))
        ],
        idle=sorted(person.idle_roles()),
        today=clock.today(),
        sessions=queries.list_open_sessions(person),
        events=events,
        actor_names=queries.names_of(event.actor for event in events),
    )


def _new_user_page(form: UserForm) -> str:
    return render_template("identity/user_form.html", form=form, hints=ROLE_HINTS)


def _roles_page(form: RolesForm, person: User) -> str:
    return render_template("identity/roles_form.html", form=form, person=person, hints=ROLE_HINTS)


def _exception_page(form: ExceptionForm, person: User) -> str:
    return render_template("identity/exception_form.html", form=form, person=person)


def _password_page(user: User, password: str) -> str:
    return render_template("identity/first_password.html", user=user, password=password)


def _user_form() -> UserForm:
    form = UserForm()
    form.districts.choices = _district_choices()
    return form


def _roles_form(person: User) -> RolesForm:
    form = RolesForm()
    form.districts.choices = _district_choices(person.district_codes())
    form.supervised.choices = _district_choices(person.district_codes())
    return form


def _district_choices(held: frozenset[str] = frozenset()) -> list[SelectChoice]:
    """The districts of our province, and those that the person has already."""
    province_code = str(current_app.config["PROVINCE_CODE"])
    return [
        SelectChoice(district.code, localized(district))
        for district in list_districts()
        if district.province_code == province_code or district.code in held
    ]
