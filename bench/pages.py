"""Public pages with data in the books, beside bare Flask pages of the same number of bytes.

The program and the bare application each run under gunicorn with two workers of four threads, on a
database each; the load comes from this process over eight connections. In each round every page is
loaded for some seconds, in an order drawn anew.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from bench import load, raw, weight
from bench.books import loaded
from bench.figures import Figures
from bench.options import Options
from bench.pledging import Pledging, post
from bench.serving import Server, serving

MOST_MEMORY = 150.0
#: Rates of a live donation site in Python, on a machine where `hello` makes so many a second: a
#: profile, a page to give, and donations.
PEER_HELLO = 2900.0
PEER = {"home": (207.0, 4.0), "give": (114.0, 5.0), "pledge": (135.0, 2.0)}


@dataclass(frozen=True)
class Page:
    """What is asked of one of the servers, the status that answers, and the requests."""

    of_fund: bool
    status: int
    requests: load.Requests


def measure(kind: str, urls: Mapping[str, str], options: Options, figures: Figures) -> None:
    """Load the demo, and print what its public pages do."""
    with loaded(urls["fund"], options.size, options.scale):
        compare(f"pages {kind}", urls, options, figures)


def compare(title: str, urls: Mapping[str, str], options: Options, figures: Figures) -> None:
    """Print rates, times and ratios of the pages on books that are there, the weight of the home
    page, and the memory of the workers.
    """
    raw.prepare(urls["raw"])
    with (
        serving("bench.serving:application()", urls["fund"]) as fund,
        serving("bench.bare:app", urls["raw"]) as bare,
    ):
        _print(title, _run_rounds(fund, bare, options), figures)
        weight.measure(title, fund, figures)
        figures.at_most(f"{title}: two workers", fund.memory(), MOST_MEMORY, "MB")


def _run_rounds(fund: Server, bare: Server, options: Options) -> dict[str, list[load.Load]]:
    pages = pages_of(fund)
    rounds: dict[str, list[load.Load]] = {name: [] for name in pages}
    for _ in range(options.rounds):
        for name, page in random.sample(list(pages.items()), len(pages)):
            port = fund.port if page.of_fund else bare.port
            rounds[name].append(load.drive(port, page.status, page.requests, options.seconds))
    return rounds


def pages_of(fund: Server) -> dict[str, Page]:
    """Every page that is loaded, and the bare ones, which have as many bytes on the wire."""
    home, give = load.get("/"), load.get("/give")
    connection = load.Connection(fund.port)
    sizes = [len(connection.send(request)[1].partition(b"\r\n\r\n")[2]) for request in (home, give)]
    connection.close()
    bare_home, bare_give = (load.get(f"/bytes/{size}") for size in sizes)
    plain_form = post("/give", {"name": "ผู้ให้", "amount": "300"})
    return {
        "hello": Page(False, 200, _always(load.get("/hello"))),
        "home": Page(True, 200, _always(home)),
        "home with a cookie": Page(True, 200, _always(load.get("/", "Cookie: seen=1\r\n"))),
        "bare home": Page(False, 200, _always(bare_home)),
        "give": Page(True, 200, _always(give)),
        "bare give": Page(False, 200, _always(bare_give)),
        "pledge": Page(True, 303, Pledging),
        "bare pledge": Page(False, 303, _always(plain_form)),
    }


def _always(request: bytes) -> load.Requests:
    return lambda _connection: lambda: request


def _print(title: str, rounds: dict[str, list[load.Load]], figures: Figures) -> None:
    rates = {name: [one.rate for one in loads] for name, loads in rounds.items()}
    every = {
        name: load.Load(0, [time for one in loads for time in one.times])
        for name, loads in rounds.items()
    }
    for name in rounds:
        p50, p95, p99 = (every[name].percentile(percent) for percent in (50, 95, 99))
        times = f"p50 {p50:.1f}  p95 {p95:.1f}  p99 {p99:.1f} ms"
        figures.rate(f"{title}: {name}", rates[name], times)
    for ours, theirs, aim in (
        ("home with a cookie", "home", 0.9),
        ("home", "bare home", 0.6),
        ("home with a cookie", "bare home", 0.6),
        ("give", "bare give", 0.5),
        ("pledge", "bare pledge", 0.25),
    ):
        figures.ratio(f"{title}: {ours} to {theirs}", rates[ours], rates[theirs], aim)
    tail = every["pledge"].percentile(99) / every["pledge"].percentile(50)
    figures.at_most(f"{title}: pledge, p99 to p50", tail, 6, "times")
    for name, (rate, aim) in PEER.items():
        scaled = [rate * hello / PEER_HELLO for hello in rates["hello"]]
        figures.ratio(f"{title}: {name} to a live site, scaled by hello", rates[name], scaled, aim)
