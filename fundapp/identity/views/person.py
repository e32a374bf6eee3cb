"""The page of a person, and its buttons, for administrators."""

from collections.abc import Callable

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.identity import operations, queries
from fundapp.identity.actor_names import name_actors
from fundapp.identity.kinds import ENABLED, ENABLING, KINDS
from fundapp.identity.models import User
from fundapp.identity.views.blueprint import blueprint
from fundapp.places.queries import list_districts
from fundapp.proposals.operations import make_proposal
from fundapp.proposals.queries import find_open_proposal
from fundapp.trail.queries import list_events
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit


@blueprint.get("/users/<public_id>")
@requires(Permission.USER_MANAGE)
def user(public_id: str) -> str:
    """One person: roles, districts, history."""
    return user_page(public_id, ButtonForm())


@blueprint.post("/users/<public_id>/end-sessions")
@requires(Permission.USER_MANAGE)
@fresh_factor
def end_sessions(public_id: str) -> Answer:
    """Sign a person out everywhere."""
    return _submit_button(
        public_id,
        operations.end_sessions,
        lambda name: _("%(name)s has been signed out everywhere.", name=name),
    )


@blueprint.post("/users/<public_id>/disable")
@requires(Permission.USER_MANAGE)
@fresh_factor
def disable_user(public_id: str) -> Answer:
    """Let a person sign in no more."""
    return _submit_button(
        public_id,
        operations.disable_user,
        lambda name: _("%(name)s may not sign in any more.", name=name),
    )


@blueprint.post("/users/<public_id>/enable")
@requires(Permission.USER_MANAGE)
@fresh_factor
def enable_user(public_id: str) -> Answer:
    """Propose that a disabled person may sign in again."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: make_proposal(ENABLING, public_id, ENABLED, actor=actor),
        done=lambda _proposal: to_user(
            queries.get_user(public_id),
            _("Proposed. It holds when another administrator confirms it."),
        ),
        page=lambda: user_page(public_id, form),
    )


def _submit_button(
    public_id: str, operation: Callable[..., User], message: Callable[[str], str]
) -> Answer:
    """Carry out a button of a person's page, and return to it."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operation(public_id, actor=actor),
        done=lambda user: to_user(user, message(user.display_name)),
        page=lambda: user_page(public_id, form),
    )


def to_user(user: User, message: str) -> Response:
    """Back to the page of a person, with what was done."""
    return redirect_with(message, url_for("identity.user", public_id=user.public_id))


def user_page(public_id: str, form: ButtonForm) -> str:
    """The page of a person; ``form`` may carry what was refused."""
    person = queries.get_user(public_id)
    events = list_events("user", public_id, limit=50)
    codes = person.district_codes()
    sheet = queries.find_waiting_sheet(person, clock.now())
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
        idle=sorted(person.idle_roles() - person.roles_over()),
        sheet=sheet,
        sheet_by=name_actors([sheet.made_by]).get(sheet.made_by) if sheet else None,
        today=clock.today(),
        factors=queries.find_factors(person.id),
        sessions=queries.list_open_sessions(person),
        events=events,
        actor_names=name_actors(event.actor for event in events),
    )
