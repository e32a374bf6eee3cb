"""Rules of receipts and drawn payments for tests, made by two administrators and the worker."""

from fundapp import clock
from fundapp.callbacks.drafts import ReceiptRulesDraft
from fundapp.callbacks.drawing import draw_vouchers, population_hash, sample_size
from fundapp.callbacks.kinds import receipt_rules_values
from fundapp.callbacks.models import Callback, CallbackDraw
from fundapp.callbacks.operations import RULES_TYPE, draw_callbacks
from fundapp.callbacks.queries import find_receipt_rules, list_payments, month_bounds
from fundapp.db import db, unit_of_work
from fundapp.ids import new_id
from fundapp.ledger.periods import month_start
from tests.factories.actors import WORKER
from tests.factories.identity import agree


def make_receipt_rules(
    percent: int = 10, fewest: int = 3, overdue_days: int = 14, supervisor_days: int = 30
) -> ReceiptRulesDraft:
    """Rules that begin today."""
    draft = ReceiptRulesDraft(clock.today(), percent, fewest, overdue_days, supervisor_days)
    agree(RULES_TYPE, draft.starts_on.isoformat(), dict(receipt_rules_values(draft)))
    return draft


def draw_month() -> CallbackDraw:
    """The one month that waits to be drawn, drawn by the worker."""
    [draw] = unit_of_work(draw_callbacks, actor=WORKER)
    return draw


def draw_running_month() -> CallbackDraw:
    """The month that runs, drawn as if it were over by its rules: for pages at one moment."""
    return unit_of_work(_draw_running_month)


def _draw_running_month() -> CallbackDraw:
    month = month_start(clock.today())
    rules, payments = find_receipt_rules(clock.today()), dict(list_payments(month))
    vouchers, seed = list(payments), "5eed" * 8
    draw = CallbackDraw(
        id=new_id(),
        month_on=month,
        rules_id=rules.id,
        seed=seed,
        population_count=len(vouchers),
        population_sha256=population_hash(vouchers),
        drawn_count=sample_size(len(vouchers), rules.percent, rules.fewest),
        drawn_by="worker",
        drawn_at=month_bounds(month)[1],
    )
    db.session.add(draw)
    db.session.flush()
    drawn = enumerate(draw_vouchers(vouchers, draw.drawn_count, seed), start=1)
    draw.callbacks = [
        Callback(draw_id=draw.id, position=position, payout_id=payments[voucher])
        for position, voucher in drawn
    ]
    db.session.flush()
    return draw
