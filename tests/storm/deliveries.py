"""Telling the server: shuffled, in part twice, over many connections at once."""

import http.client
import random
import threading
from collections import Counter
from queue import Empty, Queue

PATH = "/webhooks/stripe"
#: Deliveries over one connection. Many machines tell a server, so its workers all get some.
TOLD_OVER_ONE = 20


def with_duplicates(events: list[dict], count: int, seed: int) -> list[dict]:
    """The events and ``count`` of them once more, shuffled."""
    choose = random.Random(seed)  # noqa: S311 - an order, no secret
    told = events + choose.sample(events, count)
    choose.shuffle(told)
    return told


def deliver(port: int, fake, events: list[dict], connections: int) -> Counter:
    """How often the server answered what; 0 stands for no answer."""
    waiting: Queue = Queue()
    for event in events:
        waiting.put(event)
    answers: Counter = Counter()
    lock = threading.Lock()

    def tell() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        mine: Counter = Counter()
        while True:
            try:
                event = waiting.get_nowait()
            except Empty:
                break
            mine[_tell(connection, *fake.deliveries.signed(event))] += 1
            if mine.total() % TOLD_OVER_ONE == 0:
                connection.close()
        connection.close()
        with lock:
            answers.update(mine)

    threads = [threading.Thread(target=tell) for _number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _tell(connection: http.client.HTTPConnection, body: bytes, signature: str) -> int:
    headers = {"Content-Type": "application/json", "Stripe-Signature": signature}
    try:
        connection.request("POST", PATH, body, headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0
    return answer.status
