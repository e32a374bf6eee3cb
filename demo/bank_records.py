"""The bank's records of the demo's accounts: movements, descriptions and balances (pure)."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date

from demo import funds
from demo.bank_lines import BankLine
from demo.funds import AccountPlan
from demo.statement_files import BankStatement, Row
from fundapp.giving.models import Method

#: Description and channel of a movement, in the style of each profile.
_DESCRIPTIONS = {
    "ktb": {
        "bill": ("รับชำระค่าสินค้าและบริการ", "Bill Payment"),
        "transfer": ("รับโอนเงิน", "Mobile"),
        "cheque": ("ฝากเช็ค", "Counter"),
        "paid": ("โอนเงินออก", "Internet"),
        "cash_in": ("ฝากเงินสด", "Counter"),
        "cash_out": ("ถอนเงินสด", "Counter"),
        "fee": ("ค่าธรรมเนียม", "System"),
        "interest": ("ดอกเบี้ยรับ", "System"),
        "mistake": ("รายการโอนผิดบัญชี", "Mobile"),
        "returned": ("เช็คคืน", "Counter"),
    },
    "kbank": {
        "bill": ("Bill Payment", "Bill Payment"),
        "transfer": ("Transfer Deposit", "Mobile"),
        "cheque": ("Cheque Deposit", "Counter"),
        "paid": ("Transfer Withdrawal", "Internet"),
        "cash_in": ("Cash Deposit", "Counter"),
        "cash_out": ("Cash Withdrawal", "Counter"),
        "fee": ("Fee", "System"),
        "interest": ("Interest", "System"),
        "mistake": ("Transfer in error", "Mobile"),
        "returned": ("Cheque Return", "Counter"),
    },
}
_BRANCH = "สาขายะลา"


class BankRecords:
    """The movements of both accounts in order, with running balances.

    ``detail_of`` gives the text that came with a movement. It is called only when a statement is
    made, because the references of instalments do not exist before. ``older_satang`` is what older
    books brought into each account.
    """

    def __init__(
        self,
        lines: list[BankLine],
        detail_of: Callable[[BankLine], str],
        older_satang: Mapping[str, int],
    ) -> None:
        self._detail_of = detail_of
        self._openings = {
            account.code: _brought_forward(account) + older_satang.get(account.code, 0)
            for account in funds.BANK_ACCOUNTS
        }
        self._lines: dict[str, list[BankLine]] = defaultdict(list)
        self._balances: dict[str, list[int]] = {}
        for line in lines:
            self._lines[line.account].append(line)
        for account in funds.BANK_ACCOUNTS:
            balance, balances = self._openings[account.code], list[int]()
            for line in self._lines[account.code]:
                balance += line.satang
                balances.append(balance)
            self._balances[account.code] = balances

    def lines(self, account: AccountPlan, from_on: date, to_on: date) -> list[BankLine]:
        """The movements of some days, in the bank's order."""
        first, last = self._range(account, from_on, to_on)
        return self._lines[account.code][first:last]

    def statement(self, account: AccountPlan, from_on: date, to_on: date) -> BankStatement:
        """The statement of some days."""
        first, last = self._range(account, from_on, to_on)
        balances = self._balances[account.code]
        opening = balances[first - 1] if first else self._openings[account.code]
        rows = [
            self._row(account, line, balance)
            for line, balance in zip(
                self._lines[account.code][first:last], balances[first:last], strict=True
            )
        ]
        return BankStatement(account, from_on, to_on, opening, rows)

    def _range(self, account: AccountPlan, from_on: date, to_on: date) -> tuple[int, int]:
        lines = self._lines[account.code]
        first = bisect_left(lines, from_on, key=lambda line: line.day)
        return first, bisect_right(lines, to_on, key=lambda line: line.day)

    def _row(self, account: AccountPlan, line: BankLine, balance: int) -> Row:
        description, channel = _DESCRIPTIONS[account.profile][_kind(line)]
        detail = _BRANCH if line.cash is not None else self._detail_of(line)
        day, at = line.day, line.clock_time
        return Row(day, at, description, line.satang, balance, detail, channel)


def _brought_forward(account: AccountPlan) -> int:
    return sum(
        held for code, held in funds.BROUGHT_FORWARD.items() if funds.bank_of(code) is account
    )


def _kind(line: BankLine) -> str:
    if line.bank_item is not None:
        return line.bank_item.value
    if line.cash is not None:
        return "cash_in" if line.satang > 0 else "cash_out"
    if line.returned is not None:
        return "returned"
    if line.received is None:
        return "paid"
    kinds = {Method.PROMPTPAY: "bill", Method.CHEQUE: "cheque"}
    return kinds.get(line.received.method, "transfer")
