"""What the processor tells: events, signed, and the ways in which they arrive or do not."""

import hashlib
import hmac
import json
import random
import threading
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

#: How events arrive: at once, only when asked for, or not at all.
AT_ONCE, HELD, LOST = "at_once", "held", "lost"


def signature(body, secret, at):
    """The header ``Stripe-Signature`` of ``body`` at the second ``at``."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"


class Deliveries:
    """The events that wait, and the address that they go to; ``send`` may be replaced by a test."""

    def __init__(self, url="", secret="whsec_fake"):
        self.url, self.secret, self.way = url, secret, AT_ONCE
        self.waiting = []
        self.send = self._post

    def add(self, event):
        """An event that is to be told."""
        if self.way == LOST:
            return
        self.waiting.append(event)
        if self.way == AT_ONCE and self.url:
            # In a thread: whoever is told asks this server for more before it answers.
            threading.Thread(target=self.deliver, daemon=True).start()

    def deliver(self, *, order="in_order", times=1):
        """Send what waits, ``in_order``, ``reversed`` or ``shuffled``; the answers' statuses."""
        events, self.waiting = self.waiting, []
        if order == "reversed":
            events.reverse()
        elif order == "shuffled":
            random.shuffle(events)
        return [self.send(*self.signed(event)) for event in events for _time in range(times)]

    def signed(self, event):
        """The bytes of an event, and its signature of this second."""
        body = json.dumps(event, ensure_ascii=False).encode()
        return body, signature(body, self.secret, int(time.time()))

    def _post(self, body, header):
        headers = {"Content-Type": "application/json", "Stripe-Signature": header}
        address = urlsplit(self.url)
        connection = HTTPConnection(address.hostname, address.port, timeout=20)
        try:
            connection.request("POST", address.path, body, headers)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()
