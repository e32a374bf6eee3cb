"""Readers beside writers: each report is compared with itself."""

import csv
import html
import http.client
import io
import re
import threading
from decimal import Decimal

from tests.faults.load import AUDITOR, Browser


class Readers:
    """An auditor and a visitor who read until `stop`; ``torn`` of ``read`` reports disagreed."""

    def __init__(self, port: int) -> None:
        self.read, self.torn, self.failed = 0, 0, 0
        self._is_running = True
        self._guard = threading.Lock()
        self._threads = []
        for act in (_balances, _funds, _public):
            browser = Browser(port)
            assert browser.sign_in(AUDITOR)
            thread = threading.Thread(target=self._repeat, args=(browser, act), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End."""
        self._is_running = False
        for thread in self._threads:
            thread.join(30)

    def count(self, is_whole: bool) -> None:
        """One more report."""
        with self._guard:
            self.read += 1
            self.torn += not is_whole

    def _repeat(self, browser: Browser, act) -> None:
        while self._is_running:
            try:
                self.count(act(browser))
            except (OSError, http.client.HTTPException, LookupError, ArithmeticError):
                with self._guard:
                    self.failed += 1


def _sheet(browser: Browser, path: str) -> list[dict[str, str]]:
    status, _headers, text = browser.send("GET", path)
    if status != 200:
        raise LookupError(f"{path} answered {status}")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def _sum(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in rows), Decimal())


def _balances(browser: Browser) -> bool:
    """The trial balance: debits are credits."""
    rows = _sheet(browser, "/audit/trial-balance?format=csv")
    return bool(rows) and _sum(rows, "debit_baht") == _sum(rows, "credit_baht")


def _funds(browser: Browser) -> bool:
    """The funds: what came less what went is what is there, as assets less liabilities."""
    rows = _sheet(browser, "/audit/funds?format=csv")
    return bool(rows) and all(
        _sum([row], "brought_forward_baht") + _sum([row], "income_baht")
        - _sum([row], "expense_baht") == _sum([row], "net_assets_baht")
        == _sum([row], "assets_baht") - _sum([row], "liabilities_baht")
        for row in rows
    )  # fmt: skip


def _public(browser: Browser) -> bool:
    """The public page adds up."""
    status, _headers, text = Browser(browser.port).send("GET", "/?lang=en")
    if status != 200:
        raise LookupError(f"/ answered {status}")
    return adds_up(text)


def adds_up(text: str) -> bool:
    """Whether on the public page the funds add up to their last line, across and down, and so do
    the months, which are another question to the database.
    """
    first, second = text[text.index('id="funds"') :].split("<table")[1:3]
    *funds, total = _numbers(first)
    across = all(income - spent - fees == rest for income, spent, fees, rest in (*funds, total))
    months = [sum(column) for column in zip(*_numbers(second), strict=True)]
    down = [sum(column) for column in zip(*funds, strict=True)]
    return across and down == total and months == total[:2]


def _numbers(table: str) -> list[list[Decimal]]:
    """The cells of each line that has some, as numbers; a dash is nothing."""
    body = html.unescape(table[: table.index("</table>")])
    lines = [re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL) for line in body.split("<tr")]
    return [[_number(cell) for cell in cells] for cells in lines if cells]


def _number(cell: str) -> Decimal:
    text = re.sub(r"<[^>]+>|[\s,]", "", cell)
    return Decimal(0) if text in ("", "–") else Decimal(text.replace("−", "-"))
