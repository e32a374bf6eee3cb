"""How invitations and resets get to people, by mail or on paper; who made which."""

from collections.abc import Callable

from flask import current_app, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.identity import operations, queries
from fundapp.identity.actor_names import name_actors
from fundapp.identity.credentials import in_fours
from fundapp.identity.emails import invitation_url
from fundapp.identity.errors import OwnResetError
from fundapp.identity.forms import (
    DeliveryForm,
)
from fundapp.identity.models import Delivery, InvitationPurpose, User, UserStatus
from fundapp.identity.policy import may_manage_users
from fundapp.identity.views.blueprint import blueprint
from fundapp.identity.views.person import to_user, user_page
from fundapp.web.forms import Answer, ButtonForm, choices, submit
from fundapp.web.qr_codes import qr_svg


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
    """What a reset does, and how the new invitation is to get to the person, who is another."""
    if public_id == current_actor().ref:
        raise OwnResetError
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
        page=lambda: user_page(public_id, form),
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
        names=name_actors(makers),
        may_manage=may_manage_users(viewer),
    )


def _submit_delivery(public_id: str, operation: Callable[..., str]) -> Answer:
    """Carry out an invitation or a reset, and hand over its code."""
    form, actor = _delivery_form(), current_actor()
    return submit(
        form,
        lambda: operation(public_id, delivery=form.delivery.value, actor=actor),
        done=lambda code: invited(queries.get_user(public_id), code, form.delivery.value),
        page=lambda: _delivery_page(queries.get_user(public_id), form),
    )


def invited(user: User, code: str, delivery: Delivery) -> Answer:
    """After an invitation: the sheet with its code, shown once, or that a message was written."""
    if delivery is Delivery.MAIL:
        return to_user(user, _("An invitation was sent to %(email)s.", email=user.email))
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


def _delivery_page(person: User, form: DeliveryForm) -> str:
    is_reset = person.status is not UserStatus.INVITED
    return render_template(
        "identity/delivery_form.html", form=form, person=person, is_reset=is_reset
    )


def _delivery_form() -> DeliveryForm:
    form = DeliveryForm()
    set_delivery_choices(form)
    return form


def set_delivery_choices(form: DeliveryForm) -> None:
    """Without a mail server nothing is sent, so the sheet of paper alone is offered."""
    if not current_app.config["SMTP_URL"]:
        form.delivery.choices = choices([Delivery.PAPER])
        if form.delivery.member is None:
            form.delivery.data = Delivery.PAPER.value
