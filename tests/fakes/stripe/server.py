"""The part that listens: Stripe's interface under ``/v1``, the pay page, and a page of commands."""

import hashlib
import json
import re
import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.stripe import pages, parameters
from tests.fakes.stripe.parameters import RefusedError
from tests.fakes.stripe.world import World

_KINDS = {
    "checkout/sessions": "checkout.session",
    "payment_intents": "payment_intent",
    "refunds": "refund",
    "disputes": "dispute",
    "balance_transactions": "balance_transaction",
    "payouts": "payout",
    "events": "event",
}
#: Which references ``expand`` may replace by the object, and of which kind it is.
_REFERENCES = {
    "latest_charge": "charge",
    "balance_transaction": "balance_transaction",
    "failure_balance_transaction": "balance_transaction",
    "payment_intent": "payment_intent",
    "charge": "charge",
    "source": None,
}
_COMPARE = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}


class FakeStripe:
    """The processor on a loopback port, in a thread of its own; a context manager."""

    def __init__(self, port=0, *, key="sk_test_fake"):
        self.key, self.calls, self.used_keys = key, [], {}
        handler = type("Handler", (_Handler,), {"fake": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.world = World(self.url)
        #: How many further calls are answered with an error of the server.
        self.failures = 0

    @property
    def deliveries(self):
        """What it tells, and how."""
        return self.world.deliveries

    def __enter__(self):
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.http.shutdown()
        self.http.server_close()

    def call(self, method, path, text, headers):
        """Status and body of a call of the interface."""
        self.calls.append((method, path, text))
        if self.failures > 0:
            self.failures -= 1
            return 503, {"error": {"type": "api_error", "message": "Try again later."}}
        try:
            self._check_headers(headers)
            with self.world.lock:
                return self._once(method, path, text, headers.get("Idempotency-Key"))
        except RefusedError as error:
            return error.status, error.body()

    def _check_headers(self, headers):
        if headers.get("Authorization") != f"Bearer {self.key}":
            raise RefusedError("Invalid API Key provided.", status=401)
        if headers.get("Stripe-Version") != parameters.VERSION:
            raise RefusedError(f"Send Stripe-Version {parameters.VERSION}, which is pinned.")

    def _once(self, method, path, text, key):
        """The same key twice is the same call; with other parameters it is refused."""
        if method != "POST" or key is None:
            return 200, self._answer(method, path, text)
        digest = hashlib.sha256(f"{path} {text}".encode()).digest()
        if key in self.used_keys:
            known, status, body = self.used_keys[key]
            if known != digest:
                raise RefusedError(
                    "Keys for idempotent requests can only be used with the same parameters.",
                    kind="idempotency_error",
                )
            return status, body
        status, body = 200, None
        try:
            body = self._answer(method, path, text)
        except RefusedError as error:
            if error.status != 402:
                raise  # what was refused for its form may be sent again
            status, body = error.status, error.body()
        self.used_keys[key] = digest, status, json.loads(json.dumps(body))
        return status, body

    def _answer(self, method, path, text):
        values = parameters.read(text)
        name, number, verb = _parts(path)
        pattern = "/".join(filter(None, (name, number and "*", verb)))
        if f"{method} {pattern}" not in parameters.TAKEN:
            raise RefusedError(f"Unrecognized request URL ({method}: /v1/{path}).", status=404)
        parameters.refuse_unknown(f"{method} {pattern}", values)
        world, expand = self.world, list(values.pop("expand", {}).values())
        if verb == "expire":
            return self._shown(world.expire(number), expand)
        if number:
            return self._shown(world.get(number, _KINDS[name]), expand)
        if method == "GET":
            return self._list(name, values, expand)
        make = {
            "checkout/sessions": world.open_session,
            "payment_intents": world.charge_off_session,
            "refunds": world.refund,
        }[name]
        return self._shown(make(values), expand)

    def _list(self, name, values, expand):
        limit = int(values.pop("limit", 10))
        if not 1 <= limit <= 100:
            raise RefusedError("limit is from 1 to 100", param="limit")
        after, created = values.pop("starting_after", None), values.pop("created", {})
        types = set(values.pop("types", {}).values())
        found = [
            each
            for each in self.world.all(_KINDS[name], **values)
            if all(_COMPARE[how](each["created"], int(at)) for how, at in created.items())
            and (not types or each["type"] in types)
        ]
        if after is not None:
            ids = [each["id"] for each in found]
            found = found[ids.index(after) + 1 :]
        inner = [path.removeprefix("data.") for path in expand]
        data = [self._shown(each, inner) for each in found[:limit]]
        more = len(found) > limit
        return {"object": "list", "url": f"/v1/{name}", "has_more": more, "data": data}

    def _shown(self, thing, expand):
        """The object without what is only ours, with the references of ``expand`` replaced."""
        shown = {name: value for name, value in thing.items() if not name.startswith("_")}
        if thing["object"] == "dispute":
            ids = thing["balance_transactions"]
            shown["balance_transactions"] = [self.world.objects[each] for each in ids]
        for name, inner in _by_name(expand).items():
            if thing["object"] == "charge" and name == "refunds":
                shown[name] = self._refunds_of(thing, inner)
                continue
            if name not in _REFERENCES or name not in shown:
                raise RefusedError(f"This property cannot be expanded ({name}).", param="expand")
            number = thing[name]
            if number is not None:
                kind = _REFERENCES[name] or self.world.objects[number]["object"]
                shown[name] = self._shown(self.world.get(number, kind), inner)
        return shown

    def _refunds_of(self, charge, expand):
        """The ten newest refunds of a charge, which it shows only when asked."""
        found = self.world.all("refund", payment_intent=charge["payment_intent"])
        inner = [path.removeprefix("data.") for path in expand if path != "data"]
        data = [self._shown(each, inner) for each in found[:10]]
        url = f"/v1/charges/{charge['id']}/refunds"
        return {"object": "list", "url": url, "has_more": len(found) > 10, "data": data}

    def command(self, name, values):
        """Carry out what somebody at the processor does; what it says."""
        world, number = self.world, values.get("id", "")
        yes = values.get("outcome") in {"paid", "won"}
        with world.lock:
            done = {
                "pay": lambda: world.pay(number, values.get("method", "card")),
                "delay": lambda: world.pay(number, values.get("method", "card"), delayed=True),
                "decline": lambda: world.decline(number),
                "expire": lambda: world.expire(number),
                "finish": lambda: world.finish(number, is_paid=yes),
                "refund": lambda: world.refund(
                    {"payment_intent": number, "amount": values.get("amount")}
                ),
                "finish-refund": lambda: world.finish_refund(number, is_paid=yes),
                "dispute": lambda: world.dispute(number),
                "close-dispute": lambda: world.close_dispute(number, is_won=yes),
                "pay-out": world.pay_out,
                "cards": lambda: world.let_cards_answer(values["answer"]),
                "way": lambda: setattr(self.deliveries, "way", values["way"]),
            }.get(name)
            if done is not None:
                return done()
        if name == "deliver":
            times = int(values.get("times") or 1)
            return {"statuses": self.deliveries.deliver(order=values["order"], times=times)}
        raise RefusedError(f"No such command: {name}", status=404)


def _by_name(expand):
    """Below each first name of the paths of ``expand``, what is to be expanded in it."""
    paths = {}
    for path in expand:
        if path.count(".") > 3:
            message = "You cannot expand more than 4 levels of a property"
            raise RefusedError(f"{message} ({path}).", param="expand")
        name, _dot, rest = path.partition(".")
        paths.setdefault(name, []).extend([rest] if rest else [])
    return paths


def _parts(path):
    """The list, the id and the verb that an address names."""
    match = re.fullmatch(r"(checkout/sessions|[a-z_]+)(?:/([^/]+)(?:/([a-z]+))?)?", path)
    return match.groups() if match else (path, None, None)


class _Handler(BaseHTTPRequestHandler):
    fake = None
    protocol_version = "HTTP/1.1"
    # Headers and body in one packet: as two, the second waits for the client's delayed answer.
    wbufsize = -1

    def log_message(self, *_values):
        """Say nothing."""

    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path.startswith("/v1/"):
            self._json(*self.fake.call("GET", parts.path[4:], parts.query, self.headers))
        elif parts.path.startswith("/pay/"):
            session = self.fake.world.objects.get(parts.path[5:])
            self._html(200 if session else 404, pages.pay_page(session))
        elif parts.path in {"/", "/control"}:
            self._html(200, pages.control_page(self.fake.world))
        else:
            self._html(404, pages.whole("Not found", ""))

    def do_POST(self):
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path = urlsplit(self.path).path
        if path.startswith("/v1/"):
            self._json(*self.fake.call("POST", path[4:], text, self.headers))
            return
        values = dict(parse_qsl(text))
        try:
            done = self.fake.command(path.rpartition("/")[2], values)
        except RefusedError as error:
            self._html(error.status, pages.whole("Refused", f"<p>{escape(str(error))}</p>"))
            return
        if path.startswith("/pay/"):
            self._after_paying(path.rpartition("/")[2], values["id"])
        elif "application/json" in self.headers.get("Accept", ""):
            self._json(200, done or {})
        else:
            self._redirect("/control")

    def _after_paying(self, name, number):
        session = self.fake.world.objects[number]
        if name == "decline":
            self._redirect(f"/pay/{number}?declined")
        elif name == "expire":
            self._redirect(session["cancel_url"] or session["success_url"])
        else:
            self._redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", number))

    def _json(self, status, body):
        self._send(status, json.dumps(body).encode(), "application/json")

    def _html(self, status, text):
        self._send(status, text.encode(), "text/html; charset=utf-8")

    def _redirect(self, url):
        self.send_response(303)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
