"""Sets money out up: what `children`, `remarks` and `ledger` ask of it."""

from flask import Flask

from fundapp import clock
from fundapp.children.help_in_work import COUNT
from fundapp.children.withdrawals import TELL
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.kinds import KINDS
from fundapp.disbursements.labels import draft_of_rules, rules_rows
from fundapp.disbursements.operations import tell_of_withdrawal
from fundapp.disbursements.operations.erasures import erase_request_words, plan_erasure
from fundapp.disbursements.queries import count_requests_in_work, find_open_requests
from fundapp.disbursements.queries.erasures import ERASED, find_written
from fundapp.disbursements.queries.fund_rules import find_fund_rules
from fundapp.disbursements.views.blueprint import confirmations
from fundapp.ledger.obstacles import OBSTACLES
from fundapp.proposals.registry import register
from fundapp.remarks.erasers import ERASERS, Eraser


def init_app(app: Flask) -> None:
    """Register the kinds of proposals; let packages that may not import this one tell of a
    withdrawn consent, erase the words of requests, and ask for open ones before a fund is closed;
    and serve the links on vouchers.
    """
    register(*KINDS)
    app.register_blueprint(confirmations)
    app.jinja_env.globals.update(fund_rules_rows=_fund_rules_rows)
    app.extensions.setdefault(OBSTACLES, []).append(find_open_requests)
    app.extensions[TELL] = tell_of_withdrawal
    app.extensions[COUNT] = count_requests_in_work
    eraser = Eraser(plan_erasure, erase_request_words, (SOURCE_TYPE, ERASED), find_written)
    app.extensions.setdefault(ERASERS, {})["RQ"] = eraser


def _fund_rules_rows(code: str) -> list[tuple[str, str]]:
    """What the rules of the fund allow today, for pages of packages below; empty without rules."""
    rules = find_fund_rules(code, clock.today())
    return rules_rows([draft_of_rules(rules)])[0] if rules else []
