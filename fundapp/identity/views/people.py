"""The people who may sign in, for the administrator."""

from collections.abc import Callable

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission, Role
from fundapp.identity import operations, queries
from fundapp.identity.credentials import in_fours
from fundapp.identity.emails import invitation_url
from fundapp.identity.forms import (
    ROLE_HINTS,
    DeliveryForm,
    ExceptionForm,
    RolesForm,
    UserForm,
)
from fundapp.identity.kinds import ENABLED, ENABLING, EXCEPTION, KINDS
from fundapp.identity.models import Delivery, InvitationPurpose, User, UserStatus
from fundapp.identity.policy import may_manage_users
from fundapp.identity.views.blueprint import blueprint
from fundapp.paging import page_of
from fundapp.places.queries import list_districts
from fundapp.proposals.operations import make_proposal
from fundapp.proposals.queries import find_open_proposal
from fundapp.trail.queries import list_events
from fundapp.web.forms import Answer, ButtonForm, choices, redirect_with, submit
from fundapp.web.locale import localized
from fundapp.web.qr_codes import qr_svg

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
@fresh_factor
def create_user() -> Answer:
    """Add a person and invite them."""
    form, actor = _user_form(), current_actor()

    def work() -> tuple[User, str]:
        user = operations.create_user(
            form.email.value,
            name=form.name.data,
            roles=[form.role.value],
            districts=form.districts.data or (),
            actor=actor,
        )
        code = operations.invite(user.public_id, delivery=form.delivery.value, actor=actor)
        return user, code

    return submit(
        form,
        work,
        done=lambda made: _invited(*made, form.delivery.value),
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
@fresh_factor
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
@fresh_factor
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
@fresh_factor
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
        done=lambda _proposal: _to_user(
            queries.get_user(public_id),
            _("Proposed. It holds when another administrator confirms it."),
        ),
        page=lambda: _user_page(public_id, form),
    )


@blueprint.get("/users/<public_id>/invitation")
@requires(Permission.USER_MANAGE)
def invitation_form(public_id: str) -> str:
    """How a person who has no password is to get an invitation."""
    return _delivery_page(queries.get_user(public_id), _delivery_form())


@blueprint.post("/users/<public_id>/invitation")
@requires(Permission.USER_MANAGE)
@fresh_factor
def invite(public_id: str) -> Answer:
    """Invite a person who has no password yet; an earlier invitation ends."""
    return _submit_delivery(public_id, operations.invite)


@blueprint.get("/users/<public_id>/reset")
@requires(Permission.USER_MANAGE)
def reset_form(public_id: str) -> str:
    """What a reset does, and how the new invitation is to get to the person."""
    return _delivery_page(queries.get_user(public_id), _delivery_form())


@blueprint.post("/users/<public_id>/reset")
@requires(Permission.USER_MANAGE)
@fresh_factor
def reset_sign_in(public_id: str) -> Answer:
    """Take password and second factors away, end every session, and invite the person anew."""
    return _submit_delivery(public_id, operations.reset_sign_in)


@blueprint.post("/users/<public_id>/second-sheet")
@requires(Permission.USER_MANAGE)
@fresh_factor
def print_second_sheet(public_id: str) -> Answer:
    """The second sheet of an invitation of which somebody else printed the first; shown once."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.print_second_sheet(public_id, actor=actor),
        done=lambda code: _second_sheet(queries.get_user(public_id), code),
        page=lambda: _user_page(public_id, form),
    )


@blueprint.get("/users/invitations")
@requires(Permission.TRAIL_READ)
def recent_invitations() -> str:
    """Invitations and resets of the last days, or those of one kind, with who made them."""
    wanted, viewer = request.args.get("purpose", ""), current_actor()
    purpose = InvitationPurpose(wanted) if wanted in list(InvitationPurpose) else None
    rows = queries.list_invitations(since=clock.now() - queries.RECENT, purpose=purpose)
    if "sheets" in request.args:
        rows = [row for row in rows if row.waits_for(viewer.ref, clock.now())]
    makers = {ref for row in rows for ref in (row.made_by, row.second_by) if ref}
    return render_template(
        "identity/invitations.html",
        invitations=rows,
        now=clock.now(),
        days=queries.RECENT.days,
        names=queries.names_of(makers),
        may_manage=may_manage_users(viewer),
    )


def _submit_delivery(public_id: str, operation: Callable[..., str]) -> Answer:
    """Carry out an invitation or a reset, and hand over its code."""
    form, actor = _delivery_form(), current_actor()
    return submit(
        form,
        lambda: operation(public_id, delivery=form.delivery.value, actor=actor),
        done=lambda code: _invited(queries.get_user(public_id), code, form.delivery.value),
        page=lambda: _delivery_page(queries.get_user(public_id), form),
    )


def _invited(user: User, code: str, delivery: Delivery) -> Answer:
    """After an invitation: the sheet with its code, shown once, or that a message was written."""
    if delivery is Delivery.MAIL:
        return _to_user(user, _("An invitation was sent to %(email)s.", email=user.email))
    sheet = render_template(
        "identity/invitation_sheet.html",
        person=user,
        url=invitation_url(code),
        code=in_fours(code),
        # Our own drawing of our own address.
        picture=Markup(qr_svg(invitation_url(code), title=_("QR code of the link"))),  # noqa: S704
        page_url=f"{current_app.config['PUBLIC_URL']}/invitations",
        expires_at=clock.now() + operations.LASTS,
    )
    return sheet, 201


def _second_sheet(person: User, code: str) -> Answer:
    page_url = f"{current_app.config['PUBLIC_URL']}/invitations"
    sheet = render_template(
        "identity/second_sheet.html", person=person, code=in_fours(code), page_url=page_url
    )
    return sheet, 201


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
        idle=sorted(person.idle_roles()),
        sheet=sheet,
        sheet_by=queries.names_of([sheet.made_by]).get(sheet.made_by) if sheet else None,
        today=clock.today(),
        factors=queries.find_factors(person.id),
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


def _delivery_page(person: User, form: DeliveryForm) -> str:
    is_reset = person.status is not UserStatus.INVITED
    return render_template(
        "identity/delivery_form.html", form=form, person=person, is_reset=is_reset
    )


def _delivery_form() -> DeliveryForm:
    form = DeliveryForm()
    _set_delivery_choices(form)
    return form


def _set_delivery_choices(form: DeliveryForm) -> None:
    """Without a mail server nothing is sent, so the sheet of paper alone is offered."""
    if not current_app.config["SMTP_URL"]:
        form.delivery.choices = choices([Delivery.PAPER])
        if form.delivery.member is None:
            form.delivery.data = Delivery.PAPER.value


def _user_form() -> UserForm:
    form = UserForm()
    form.districts.choices = _district_choices()
    _set_delivery_choices(form)
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
