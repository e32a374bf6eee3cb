"""What happened at the processor: sessions, payments, refunds, disputes, payouts, the balance.

Everything is a dictionary as Stripe shows it; a change makes the events that Stripe would make.
"""

import itertools
import threading
import time
from collections import defaultdict

from tests.fakes.stripe import parameters
from tests.fakes.stripe.deliveries import Deliveries
from tests.fakes.stripe.parameters import RefusedError

#: Satang that the processor keeps of a dispute.
DISPUTE_FEE = 50_000
_PREFIXES = {
    "checkout.session": "cs",
    "payment_intent": "pi",
    "charge": "ch",
    "refund": "re",
    "dispute": "dp",
    "balance_transaction": "txn",
    "payout": "po",
    "event": "evt",
    "customer": "cus",
    "payment_method": "pm",
}
_METHODS = {"card", "promptpay"}
#: What is of one payment from the beginning.
_OF_PAYMENTS = {"refund", "dispute"}


def fee_of(method, satang):
    """What the processor keeps: 3.65 % and 10 baht of a card payment, 1.65 % of PromptPay."""
    return satang * 365 // 10_000 + 1000 if method == "card" else satang * 165 // 10_000


class World:
    """All objects by id, in the order in which they were made."""

    def __init__(self, url=""):
        self.url, self.objects, self._listed = url, {}, defaultdict(list)
        self.deliveries = Deliveries()
        self.lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._run = f"{int(time.time()):x}"

    def make(self, kind, **values):
        """A new object."""
        number = f"{_PREFIXES[kind]}_fake{self._run}{next(self._numbers):05d}"
        made = {"id": number, "object": kind, "created": int(time.time()), "livemode": False}
        made |= values
        self.objects[number] = made
        # What is asked for of one payment is found without looking at all others.
        self._listed[kind, None].append(made)
        if kind in _OF_PAYMENTS:
            self._listed[kind, values["payment_intent"]].append(made)
        return made

    def get(self, number, kind):
        """The object of this id and kind."""
        found = self.objects.get(number)
        if found is None or found["object"] != kind:
            message = f"No such {kind}: '{number}'"
            raise RefusedError(message, param="id", code="resource_missing", status=404)
        return found

    def all(self, kind, **wanted):
        """All of a kind that have these values, the newest first."""
        found = self._listed[kind, wanted.get("payment_intent") if kind in _OF_PAYMENTS else None]
        return [each for each in reversed(found) if wanted.items() <= each.items()]

    def tell(self, kind, about):
        """An event of this type."""
        data = {"object": dict(about)}
        event = self.make("event", type=kind, api_version=parameters.VERSION, data=data)
        self.deliveries.add(event)

    def _move(self, kind, source, amount, fee=0):
        """A movement of the balance: ``amount`` less ``fee``."""
        values = {"type": kind, "source": source["id"], "amount": amount, "fee": fee}
        values |= {"net": amount - fee, "currency": "thb", "payout": None, "status": "available"}
        return self.make("balance_transaction", **values)

    # ---------------------------------------------------------------------------------- sessions

    def open_session(self, values):
        """A Checkout session, as `parameters` let it through."""
        parameters.require(values, "mode", "success_url", "line_items")
        if values["mode"] != "payment":
            raise RefusedError("Only mode payment is known here.", param="mode")
        methods = list(values.get("allowed_payment_method_types", {"0": "card"}).values())
        details = values.get("payment_intent_data", {})
        if not _METHODS.issuperset(methods):
            raise RefusedError("Invalid payment method type", param="allowed_payment_method_types")
        if "promptpay" in methods and "setup_future_usage" in details:
            raise RefusedError("promptpay cannot be used with setup_future_usage")
        if values.get("submit_type", "pay") not in {"auto", "book", "donate", "pay", "subscribe"}:
            raise RefusedError("Invalid submit_type", param="submit_type")
        if values.get("locale", "auto") not in {"auto", "th", "ms", "en"}:
            raise RefusedError("Invalid locale", param="locale")
        now = int(time.time())
        ends = int(values.get("expires_at") or now + 86_400)
        if not now + 1800 <= ends <= now + 86_400:
            raise RefusedError("expires_at must be 30 minutes to 24 hours away", param="expires_at")
        session = self.make(
            "checkout.session",
            mode="payment",
            status="open",
            payment_status="unpaid",
            amount_total=sum(_line_total(line) for line in values["line_items"].values()),
            currency="thb",
            payment_intent=None,
            customer=values.get("customer"),
            customer_email=values.get("customer_email"),
            client_reference_id=values.get("client_reference_id"),
            metadata=values.get("metadata", {}),
            expires_at=ends,
            success_url=values["success_url"],
            cancel_url=values.get("cancel_url"),
            allowed_payment_method_types=methods,
        )
        session["url"] = f"{self.url}/pay/{session['id']}"
        session["_intent"] = details
        session["_name"] = next(iter(values["line_items"].values()))["price_data"]["product_data"]
        return session

    def _intent_of(self, session, method):
        details = session["_intent"]
        if "_tried" in session:
            intent = self.objects[session["_tried"]]
            intent |= {"status": "processing", "payment_method_types": [method]}
            return intent
        intent = self.make(
            "payment_intent",
            amount=session["amount_total"],
            amount_received=0,
            currency="thb",
            status="processing",
            latest_charge=None,
            payment_method_types=[method],
            customer=session["customer"],
            payment_method=None,
            metadata=details.get("metadata", {}),
        )
        if details.get("setup_future_usage"):
            customer = self.make("customer", email=session["customer_email"])
            saved = self.make("payment_method", type="card", customer=customer["id"], answer="paid")
            intent |= {"customer": customer["id"], "payment_method": saved["id"]}
            session["customer"] = customer["id"]
        session["_tried"] = intent["id"]
        return intent

    def pay(self, number, method="card", *, delayed=False):
        """The donor pays a session; ``delayed``: the money is still to come."""
        session = self.get(number, "checkout.session")
        if session["status"] != "open":
            raise RefusedError("This session is not open.")
        intent = self._intent_of(session, method)
        session |= {"status": "complete", "payment_intent": intent["id"]}
        if not delayed:
            self._succeed(intent, method)
            session["payment_status"] = "paid"
        self.tell("checkout.session.completed", session)

    def decline(self, number):
        """The card is declined; the session stays open."""
        session = self.get(number, "checkout.session")
        intent = self._intent_of(session, "card")
        intent["status"] = "requires_payment_method"
        self.tell("payment_intent.payment_failed", intent)

    def finish(self, number, *, is_paid):
        """A delayed payment arrives, or fails."""
        session = self.get(number, "checkout.session")
        intent = self.get(session["payment_intent"], "payment_intent")
        if is_paid:
            self._succeed(intent, intent["payment_method_types"][0])
            session["payment_status"] = "paid"
        else:
            intent["status"] = "requires_payment_method"
        outcome = "succeeded" if is_paid else "failed"
        self.tell(f"checkout.session.async_payment_{outcome}", session)

    def expire(self, number):
        """A session that nobody paid ends."""
        session = self.get(number, "checkout.session")
        if session["status"] != "open":
            raise RefusedError("Only Checkout Sessions with a status of open can be expired.")
        session["status"] = "expired"
        self.tell("checkout.session.expired", session)
        return session

    # ---------------------------------------------------------------------------------- payments

    def _succeed(self, intent, method):
        charge = self.make(
            "charge",
            amount=intent["amount"],
            amount_refunded=0,
            currency="thb",
            paid=True,
            refunded=False,
            disputed=False,
            status="succeeded",
            payment_intent=intent["id"],
            metadata=intent["metadata"],
            payment_method_details={"type": method, method: {}},
        )
        kind = "charge" if method == "card" else "payment"
        fee = fee_of(method, intent["amount"])
        charge["balance_transaction"] = self._move(kind, charge, intent["amount"], fee)["id"]
        intent |= {"status": "succeeded", "latest_charge": charge["id"]}
        intent["amount_received"] = intent["amount"]
        self.tell("payment_intent.succeeded", intent)
        self.tell("charge.succeeded", charge)

    def charge_off_session(self, values):
        """A payment without the donor, with a card that was saved."""
        parameters.require(values, "amount", "currency", "customer", "payment_method")
        if values.get("confirm") != "true" or values.get("off_session") != "true":
            raise RefusedError("Only off_session payments that are confirmed are known here.")
        saved = self.get(values["payment_method"], "payment_method")
        if saved["customer"] != values["customer"]:
            raise RefusedError("The payment method belongs to another customer.")
        intent = self.make(
            "payment_intent",
            amount=parameters.amount(values["amount"], "amount"),
            amount_received=0,
            currency="thb",
            status="requires_payment_method",
            latest_charge=None,
            payment_method_types=["card"],
            customer=values["customer"],
            payment_method=saved["id"],
            metadata=values.get("metadata", {}),
        )
        if saved["answer"] == "paid":
            self._succeed(intent, "card")
            return intent
        self.tell("payment_intent.payment_failed", intent)
        refusal = RefusedError(
            "Your card was declined.", code=saved["answer"], status=402, kind="card_error"
        )
        refusal.extra = {"payment_intent": intent}
        raise refusal

    def let_cards_answer(self, answer):
        """Let every saved card be ``paid`` from now on, or refused with a code."""
        for card in self.all("payment_method"):
            card["answer"] = answer

    # ------------------------------------------------------------------- refunds, disputes, payouts

    def refund(self, values):
        """Give money back, all that is left or a part; PromptPay waits for the donor's account."""
        charge = self._charge_of(values)
        left = charge["amount"] - charge["amount_refunded"]
        satang = int(values.get("amount") or left)
        if not 0 < satang <= left or charge["disputed"]:
            message = "The amount is more than what is left of the charge."
            raise RefusedError(message, param="amount", code="charge_already_refunded")
        method = charge["payment_method_details"]["type"]
        refund = self.make(
            "refund",
            amount=satang,
            currency="thb",
            charge=charge["id"],
            payment_intent=charge["payment_intent"],
            status="requires_action",
            reason=values.get("reason"),
            metadata=values.get("metadata", {}),
            balance_transaction=None,
            failure_balance_transaction=None,
        )
        charge["amount_refunded"] += satang
        self.tell("refund.created", refund)
        if method == "card":
            self._pay_refund(refund, "refund")
        return refund

    def finish_refund(self, number, *, is_paid):
        """The donor names an account, or the refund fails; one that was paid may fail as well."""
        refund = self.get(number, "refund")
        if is_paid:
            self._pay_refund(refund, "payment_refund")
            return
        if refund["status"] == "succeeded":
            failure = self._move("refund_failure", refund, refund["amount"])
            refund["failure_balance_transaction"] = failure["id"]
        refund["status"] = "failed"
        self.get(refund["charge"], "charge")["amount_refunded"] -= refund["amount"]
        self.tell("refund.failed", refund)

    def _pay_refund(self, refund, kind):
        refund["balance_transaction"] = self._move(kind, refund, -refund["amount"])["id"]
        refund["status"] = "succeeded"
        self.tell("refund.updated", refund)
        self.tell("charge.refunded", self.get(refund["charge"], "charge"))

    def _charge_of(self, values):
        if values.get("charge"):
            return self.get(values["charge"], "charge")
        parameters.require(values, "payment_intent")
        intent = self.get(values["payment_intent"], "payment_intent")
        if intent["latest_charge"] is None:
            raise RefusedError("This PaymentIntent has no successful charge to refund.")
        return self.get(intent["latest_charge"], "charge")

    def dispute(self, number):
        """The payer's bank takes a card payment back until it is decided."""
        charge = self._charge_of({"payment_intent": number})
        if charge["payment_method_details"]["type"] != "card" or charge["disputed"]:
            raise RefusedError("This payment cannot be disputed.")
        charge["disputed"] = True
        satang = charge["amount"] - charge["amount_refunded"]
        dispute = self.make(
            "dispute",
            amount=satang,
            currency="thb",
            charge=charge["id"],
            payment_intent=number,
            status="needs_response",
            reason="fraudulent",
            balance_transactions=[],
        )
        taken = self._move("adjustment", dispute, -satang, DISPUTE_FEE)
        dispute["balance_transactions"].append(taken["id"])
        self.tell("charge.dispute.created", dispute)
        self.tell("charge.dispute.funds_withdrawn", dispute)
        return dispute

    def close_dispute(self, number, *, is_won):
        """The dispute is decided: won, the money comes back; the fee does not."""
        dispute = self.get(number, "dispute")
        if dispute["status"] in {"won", "lost"}:
            raise RefusedError("This dispute is closed.")
        dispute["status"] = "won" if is_won else "lost"
        if is_won:
            back = self._move("adjustment", dispute, dispute["amount"])
            dispute["balance_transactions"].append(back["id"])
            self.tell("charge.dispute.funds_reinstated", dispute)
        self.tell("charge.dispute.closed", dispute)

    def pay_out(self):
        """Pay what the balance holds into the fund's bank account."""
        waiting = [each for each in self.all("balance_transaction") if each["payout"] is None]
        satang = sum(each["net"] for each in waiting)
        if satang <= 0:
            raise RefusedError("The balance holds nothing to pay out.")
        arrival = int(time.time()) // 86_400 * 86_400
        payout = self.make(
            "payout",
            amount=satang,
            currency="thb",
            status="paid",
            automatic=True,
            arrival_date=arrival,
        )
        for each in waiting:
            each["payout"] = payout["id"]
        payout["balance_transaction"] = self._move("payout", payout, -satang)["id"]
        self.objects[payout["balance_transaction"]]["payout"] = payout["id"]
        self.tell("payout.paid", payout)
        return payout


def _line_total(line):
    price = line.get("price_data", {})
    if price.get("currency") != "thb":
        raise RefusedError("promptpay takes thb only", param="line_items[0][price_data][currency]")
    if not price.get("product_data", {}).get("name"):
        raise RefusedError("Missing required param: name", code="parameter_missing")
    return parameters.amount(price.get("unit_amount", ""), "unit_amount") * int(line["quantity"])
