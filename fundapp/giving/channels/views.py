"""The donor's choice how to be written to, what LINE tells, and whom no message reaches."""

from flask import Response, abort, current_app, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from fundapp.access.current import current_actor
from fundapp.access.marks import public, requires
from fundapp.access.permissions import Permission
from fundapp.giving import operations as giving
from fundapp.giving import queries as donors
from fundapp.giving.channels import operations, queries
from fundapp.giving.channels.batches import take_events
from fundapp.giving.channels.forms import ChannelForm, EmailForm
from fundapp.giving.reminders.stop_codes import donor_of
from fundapp.giving.reminders.views import messages_page
from fundapp.giving.tries import may_send_code
from fundapp.giving.views.blueprint import blueprint
from fundapp.mail.line import is_signed, read_events
from fundapp.mail.operations import clear_address
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit
from fundapp.web.request_checks import without_token

#: Bytes of what LINE tells at once.
_MOST_TOLD = 256 * 1024


@blueprint.post("/messages/<code>/line")
@public
def begin_line(code: str) -> Answer:
    """Show the code that links an account at LINE."""
    if not current_app.config["LINE_CHANNEL_TOKEN"]:
        abort(404)
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.begin_link(donor_of(code), actor=actor),
        done=lambda _code: redirect_with(
            _("Send the code below to the fund in LINE."), url_for("giving.messages", code=code)
        ),
        page=lambda: messages_page(code, form),
    )


@blueprint.post("/messages/<code>/line/end")
@public
def end_line(code: str) -> Answer:
    """Unlink it."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.end_link(donor_of(code), actor=actor),
        done=lambda _donor: redirect_with(
            _("LINE is not connected any more."), url_for("giving.messages", code=code)
        ),
        page=lambda: messages_page(code, form),
    )


@blueprint.post("/messages/<code>/channel")
@public
def choose_channel(code: str) -> Answer:
    """Choose between e-mail and LINE."""
    form, actor = ChannelForm(), current_actor()
    return submit(
        form,
        lambda: operations.choose_channel(donor_of(code), form.chosen(), actor=actor),
        done=lambda _donor: redirect_with(_("Saved."), url_for("giving.messages", code=code)),
        page=lambda: messages_page(code, form),
    )


@blueprint.post("/webhooks/line")
@public
@without_token
def line_webhook() -> Answer:
    """What LINE tells, by its signature: stored, and done at once if it can be."""
    secret = current_app.config["LINE_CHANNEL_SECRET"]
    if not secret:
        abort(404)
    if (request.content_length or 0) > _MOST_TOLD:
        raise RequestEntityTooLarge
    body = request.get_data()
    if not is_signed(body, request.headers.get("X-Line-Signature", ""), secret):
        return Response("refused: the signature is missing or wrong\n", 400)
    try:
        events = read_events(body)
    except (ValueError, RecursionError):
        return Response("refused: not understood\n", 400)
    take_events([event for event in events if may_send_code(event)])
    return Response("kept\n", 200)


@blueprint.get("/donors/unreached")
@requires(Permission.PAYMENT_RECORD)
def unreached() -> str:
    """Donors to whom a way fails."""
    page = queries.list_unreached(after=request.args.get("after"))
    return render_template("giving/unreached.html", page=page)


@blueprint.post("/donors/<public_id>/email")
@requires(Permission.PAYMENT_RECORD)
def change_email(public_id: str) -> Answer:
    """Write down a donor's new address."""
    form, actor = EmailForm(), current_actor()
    return submit(
        form,
        lambda: giving.change_email(public_id, form.email.value, actor=actor),
        done=lambda _donor: redirect_with(
            _("The address is changed."), url_for("giving.donor_messages", public_id=public_id)
        ),
        page=lambda: donor_messages_page(public_id, form),
    )


@blueprint.post("/donors/<public_id>/email/works")
@requires(Permission.PAYMENT_RECORD)
def clear_email(public_id: str) -> Answer:
    """Say that the address takes messages again."""
    form, actor = ButtonForm(), current_actor()
    address = donors.get_donor(public_id).email or ""
    return submit(
        form,
        lambda: clear_address(address, actor=actor),
        done=lambda _none: redirect_with(
            _("Messages go to this address again."),
            url_for("giving.donor_messages", public_id=public_id),
        ),
        page=lambda: donor_messages_page(public_id),
    )


@blueprint.get("/donors/<public_id>/messages")
@requires(Permission.DONOR_READ)
def donor_messages(public_id: str) -> str:
    """How a donor is written to, and every message in the donor's file."""
    return donor_messages_page(public_id)


def donor_messages_page(public_id: str, form: EmailForm | None = None) -> str:
    """The page with a form that was refused."""
    donor = donors.get_donor(public_id)
    return render_template(
        "giving/donor_messages.html",
        donor=donor,
        ways=queries.ways_of(donor),
        page=queries.messages_of(donor, after=request.args.get("after")),
        form=form or EmailForm(email=donor.email),
        may_record=current_actor().can(Permission.PAYMENT_RECORD),
    )
