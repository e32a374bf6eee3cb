"""The pages of the processor: where a donor pays, and where everything else is made to happen."""

from html import escape

_STYLE = (
    "body{font:16px system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "button{font:inherit;padding:.5rem 1rem;margin:.2rem}form{display:inline}"
    "td{padding:.3rem .6rem;border-top:1px solid #ccc}"
)


def whole(title, body):
    """A page."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
    )


def _button(address, label, **values):
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(str(value))}">'
        for name, value in values.items()
    )
    return f'<form method="post" action="{address}">{hidden}<button>{escape(label)}</button></form>'


def pay_page(session):
    """Where a donor pays; every outcome has a button."""
    if session is None or session["object"] != "checkout.session":
        return whole("Nothing to pay here", "")
    if session["status"] != "open":
        return whole("This payment is over", f"<p>{escape(session['status'])}</p>")
    number = session["id"]
    buttons = []
    for method in session["allowed_payment_method_types"]:
        label = "Pay by card" if method == "card" else "Pay by PromptPay"
        buttons.append(_button("/pay/pay", label, id=number, method=method))
        buttons.append(_button("/pay/delay", f"{label}, delayed", id=number, method=method))
    buttons.append(_button("/pay/decline", "Card is declined", id=number))
    buttons.append(_button("/pay/expire", "Let it expire", id=number))
    what = f"<p>{escape(session['_name']['name'])}: {session['amount_total'] / 100:,.2f} THB</p>"
    return whole("Practice card processor", what + "".join(buttons))


def _table(title, rows):
    lines = "".join(f"<tr><td>{escape(text)}<td>{buttons}" for text, buttons in rows)
    return f"<h2>{title}</h2><table>{lines}</table>" if rows else ""


def _row(thing, buttons):
    satang = thing.get("amount", thing.get("amount_total", 0))
    return f"{thing['id']} · {satang / 100:,.2f} · {thing['status']}", buttons


def control_page(world):
    """What happened, and what can be made to happen, with a button for each."""
    with world.lock:
        sessions = [
            _row(each, _outcomes("finish", each["id"], "paid", "failed"))
            for each in world.all("checkout.session", status="complete", payment_status="unpaid")
        ]
        paid = [
            _row(
                each,
                _button("/control/refund", "Refund all", id=each["id"])
                + _button("/control/refund", "Refund 10 THB", id=each["id"], amount=1000)
                + _button("/control/dispute", "Dispute", id=each["id"]),
            )
            for each in world.all("payment_intent", status="succeeded")
        ]
        refunds = [
            _row(each, _outcomes("finish-refund", each["id"], "paid", "failed"))
            for each in world.all("refund")
        ]
        disputes = [
            _row(each, _outcomes("close-dispute", each["id"], "won", "lost"))
            for each in world.all("dispute")
        ]
        waiting = len(world.deliveries.waiting)
    ways = "".join(
        _button("/control/way", f"Events: {way}", way=way) for way in ("at_once", "held", "lost")
    )
    deliver = "".join(
        _button("/control/deliver", f"Deliver {order}, {times} times", order=order, times=times)
        for order in ("in_order", "reversed", "shuffled")
        for times in (1, 2)
    )
    return whole(
        "Practice card processor",
        f"<p>Events that wait: {waiting} ({escape(world.deliveries.way)})</p>"
        + ways
        + deliver
        + _button("/control/pay-out", "Pay out")
        + _button("/control/cards", "Saved cards are refused", answer="card_declined")
        + _button("/control/cards", "Saved cards are charged", answer="paid")
        + _table("Delayed payments", sessions)
        + _table("Payments", paid)
        + _table("Refunds", refunds)
        + _table("Disputes", disputes),
    )


def _outcomes(name, number, *outcomes):
    return "".join(
        _button(f"/control/{name}", outcome, id=number, outcome=outcome) for outcome in outcomes
    )
