"""Paying at the card processor: the way there, the way back, and what the processor tells."""

from flask import Response, abort, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from fundapp.access.current import current_actor
from fundapp.access.marks import public
from fundapp.db import unit_of_work
from fundapp.giving import operations, queries
from fundapp.giving.batches import (
    Addresses,
    close_page,
    send_to_processor,
    take_back,
    take_notice,
)
from fundapp.giving.gateways.values import (
    GATEWAY,
    CardGateway,
    NoticeRefusedError,
)
from fundapp.giving.tries import count_failed_card, take_checkout_tries
from fundapp.giving.views.blueprint import blueprint
from fundapp.web.forms import Answer, redirect_with
from fundapp.web.locale import translated
from fundapp.web.request_checks import without_token

#: Bytes of a notice.
_MOST_TOLD = 1024 * 1024


@blueprint.post("/pledges/<token>/card")
@public
def pay_by_card(token: str) -> Answer:
    """Send the donor to the page of the processor."""
    gateway, page = _gateway(), url_for("giving.pledge", token=token)
    origin = take_checkout_tries(token)
    base = str(current_app.config["PUBLIC_URL"])
    back = url_for("giving.paid_by_card", token=token)
    url, refusal = send_to_processor(
        gateway,
        token,
        request.form.get("instalment", ""),
        Addresses(f"{base}{back}?page={{CHECKOUT_SESSION_ID}}", f"{base}{page}"),
        actor=current_actor(),
        keeps_card=request.form.get("keep") == "1",
        origin=origin,
    )
    if refusal is not None:
        return redirect_with(translated(refusal), page, "error")
    return redirect(url, 303)


@blueprint.post("/pledges/<token>/card/stop")
@public
def stop_card(token: str) -> Answer:
    """Charge the card no more by itself."""
    page, actor = url_for("giving.pledge", token=token), current_actor()
    unit_of_work(operations.stop_card, token, actor=actor)
    return redirect_with(_("Your card is not charged by itself any more. The pledge stays."), page)


@blueprint.get("/pledges/<token>/paid")
@public
def paid_by_card(token: str) -> Answer:
    """Where the processor sends the donor back to: what was paid is booked, if it is not yet."""
    page = url_for("giving.pledge", token=token)
    if take_back(_gateway(), token, request.args.get("page", "")):
        return redirect_with(_("Your payment has arrived. Thank you."), page)
    message = _(
        "The card processor has not told us of your payment yet. It appears here by itself."
    )
    return redirect_with(message, page, "info")


@blueprint.post("/webhooks/stripe")
@public
@without_token
def stripe_webhook() -> Answer:
    """A notice of the processor, by its signature: kept, and booked at once if it can be."""
    if (request.content_length or 0) > _MOST_TOLD:
        raise RequestEntityTooLarge
    try:
        failed = take_notice(
            _gateway(), request.get_data(), request.headers.get("Stripe-Signature", "")
        )
    except NoticeRefusedError:
        return Response("refused: the signature is missing, wrong or too old\n", 400)
    if failed:
        _count_failed(failed)
    return Response("kept\n", 200)


def _count_failed(ref: str) -> None:
    """Count a payment that failed against where its page was asked for; who tries out cards loses
    the page too.
    """
    origin, session_id = unit_of_work(queries.find_origin, ref)
    if origin and count_failed_card(origin) and session_id:
        close_page(_gateway(), session_id)


def _gateway() -> CardGateway:
    gateway: CardGateway | None = current_app.extensions.get(GATEWAY)
    if gateway is None:
        abort(404)
    return gateway
