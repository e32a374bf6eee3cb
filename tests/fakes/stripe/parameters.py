"""What Stripe takes as parameters, and how it refuses everything else."""

import re
from urllib.parse import parse_qsl

VERSION = "2026-10-28.endive"
_TEXT = None  # any value
_MAP = {"*": _TEXT}
_LIST = {"limit": _TEXT, "starting_after": _TEXT, "ending_before": _TEXT, "expand": _MAP}
_CREATED = {"created": {"gt": _TEXT, "gte": _TEXT, "lt": _TEXT, "lte": _TEXT}}
#: What each call takes; removed names, such as ``payment_method_types``, are simply not there.
TAKEN = {
    "POST checkout/sessions": {
        "mode": _TEXT,
        "success_url": _TEXT,
        "cancel_url": _TEXT,
        "client_reference_id": _TEXT,
        "customer": _TEXT,
        "customer_email": _TEXT,
        "customer_creation": _TEXT,
        "submit_type": _TEXT,
        "locale": _TEXT,
        "expires_at": _TEXT,
        "allowed_payment_method_types": _MAP,
        "metadata": _MAP,
        "line_items": {
            "*": {
                "quantity": _TEXT,
                "price_data": {
                    "currency": _TEXT,
                    "unit_amount": _TEXT,
                    "product_data": {"name": _TEXT, "description": _TEXT},
                },
            }
        },
        "payment_intent_data": {
            "metadata": _MAP,
            "description": _TEXT,
            "setup_future_usage": _TEXT,
            "statement_descriptor_suffix": _TEXT,
        },
        "expand": _MAP,
    },
    "GET checkout/sessions": {**_LIST, **_CREATED, "payment_intent": _TEXT, "status": _TEXT},
    "GET checkout/sessions/*": {"expand": _MAP},
    "POST checkout/sessions/*/expire": {"expand": _MAP},
    "POST payment_intents": {
        "amount": _TEXT,
        "currency": _TEXT,
        "customer": _TEXT,
        "payment_method": _TEXT,
        "off_session": _TEXT,
        "confirm": _TEXT,
        "description": _TEXT,
        "metadata": _MAP,
        "allowed_payment_method_types": _MAP,
        "expand": _MAP,
    },
    "GET payment_intents": {**_LIST, **_CREATED, "customer": _TEXT},
    "GET payment_intents/*": {"expand": _MAP},
    "POST refunds": {
        "payment_intent": _TEXT,
        "charge": _TEXT,
        "amount": _TEXT,
        "reason": _TEXT,
        "instructions_email": _TEXT,
        "metadata": _MAP,
        "expand": _MAP,
    },
    "GET refunds": {**_LIST, **_CREATED, "payment_intent": _TEXT, "charge": _TEXT},
    "GET refunds/*": {"expand": _MAP},
    "GET disputes": {**_LIST, **_CREATED, "payment_intent": _TEXT, "charge": _TEXT},
    "GET disputes/*": {"expand": _MAP},
    "GET balance_transactions": {**_LIST, **_CREATED, "payout": _TEXT, "type": _TEXT},
    "GET balance_transactions/*": {"expand": _MAP},
    "GET payouts": {**_LIST, **_CREATED, "status": _TEXT},
    "GET payouts/*": {"expand": _MAP},
    "GET events": {**_LIST, **_CREATED, "type": _TEXT, "types": _MAP, "delivery_success": _TEXT},
    "GET events/*": {},
}


class RefusedError(Exception):
    """What Stripe answers with: status, kind, code, the parameter, and a sentence."""

    def __init__(self, message, *, param=None, code=None, status=400, kind="invalid_request_error"):
        super().__init__(message)
        self.status = status
        self.details = {"type": kind, "message": message, "param": param, "code": code}
        self.extra = {}

    def body(self):
        """The body of the answer."""
        known = {name: value for name, value in self.details.items() if value is not None}
        return {"error": {**known, **self.extra}}


def read(text):
    """Stripe's form encoding, ``a[b][0]=c``, as nested dictionaries."""
    values = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        path = re.findall(r"[^\[\]]+", name)
        inner = values
        for part in path[:-1]:
            inner = inner.setdefault(part, {})
            if not isinstance(inner, dict):
                raise RefusedError(f"Invalid {name}", param=name)
        inner[path[-1]] = value
    return values


def refuse_unknown(call, values):
    """Refuse the first parameter that ``call``, as ``POST refunds``, does not take."""
    _refuse_unknown(TAKEN[call], values, "")


def _refuse_unknown(taken, values, before):
    for name, value in values.items():
        full = f"{before}[{name}]" if before else name
        kind = taken.get(name, taken.get("*", "unknown"))
        if kind == "unknown":
            raise RefusedError(
                f"Received unknown parameter: {full}", param=full, code="parameter_unknown"
            )
        if isinstance(kind, dict):
            if not isinstance(value, dict):
                raise RefusedError(f"Invalid object: {full}", param=full)
            _refuse_unknown(kind, value, full)
        elif isinstance(value, dict):
            raise RefusedError(f"Invalid string: {full}", param=full)


def require(values, *names):
    """Refuse when one of the parameters is missing."""
    for name in names:
        if not values.get(name):
            message = f"Missing required param: {name}."
            raise RefusedError(message, param=name, code="parameter_missing")


def amount(text, param):
    """Satang from 1,000 to 99,999,999."""
    if not str(text).isdigit():
        raise RefusedError(
            f"Invalid integer: {text}", param=param, code="parameter_invalid_integer"
        )
    if int(text) < 1000:
        message = "The amount must be greater than or equal to the minimum charge amount."
        raise RefusedError(message, param=param, code="amount_too_small")
    if int(text) > 99_999_999:
        raise RefusedError("Amount must be no more than ฿999,999.99", code="amount_too_large")
    return int(text)
