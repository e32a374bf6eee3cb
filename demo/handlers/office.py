"""What the office does: setting up the books, moving cash, closing months; publishing figures."""

from datetime import timedelta

from demo import funds
from demo.events import CashMoved, FiguresPublished, MonthClosed
from demo.state import DemoState
from fundapp import clock
from fundapp.access.actors import COMMAND_LINE, WORKER
from fundapp.banking.matching.operations.transfers import DRAWN_MEMO, PAID_IN_MEMO
from fundapp.banking.operations import open_bank_account
from fundapp.ledger import chart
from fundapp.ledger.closing import find_stopping
from fundapp.ledger.drafts import EntryDraft, FundSettings, PostingDraft
from fundapp.ledger.log.operations import seal_entries
from fundapp.ledger.models import EntryKind
from fundapp.ledger.operations import close_period, create_fund, post_entry
from fundapp.ledger.queries import get_period
from fundapp.markers import N_
from fundapp.transparency.operations import publish_months

OPENING_MEMO = N_("Balance brought forward")


def set_up_books(state: DemoState) -> None:
    """Create the funds and bank accounts, and post what each fund held before the first day."""
    for position, fund in enumerate(funds.FUNDS, start=1):
        create_fund(
            code=fund.code,
            restriction=fund.restriction,
            settings=FundSettings(fund.names, fund.purposes, position),
            actor=COMMAND_LINE,
        )
    for account in funds.BANK_ACCOUNTS:
        open_bank_account(
            account.code,
            name=account.name,
            bank_code=account.bank_code,
            account_number=account.number,
            account_code=account.account_code,
            promptpay_biller=account.promptpay_biller,
            actor=COMMAND_LINE,
        )
    post_entry(_opening(state), actor=COMMAND_LINE)


def cash_moved(state: DemoState, event: CashMoved) -> None:
    """Cash is paid in or drawn; the statement shows it later."""
    officer = state.people.officer(event.cash)
    bank = funds.bank_of(event.fund).account_code
    is_paid_in = event.satang > 0
    debit, credit = (bank, chart.CASH_ON_HAND) if is_paid_in else (chart.CASH_ON_HAND, bank)
    draft = EntryDraft(
        kind=EntryKind.TRANSFER,
        entry_on=clock.today(),
        memo=PAID_IN_MEMO if is_paid_in else DRAWN_MEMO,
        postings=[PostingDraft(event.fund, debit, credit, abs(event.satang))],
        source_type="cash",
        source_ref=f"demo-{event.cash}",
        maker=officer.ref,
        idempotency_key=f"demo:cash:{event.cash}",
    )
    state.cash_entries[event.cash] = post_entry(draft, actor=officer).id


def month_closed(state: DemoState, event: MonthClosed) -> None:
    """The books of a month are closed, once the worker has sealed its entries; a month with
    something that blocks stays open, as it would.
    """
    while seal_entries(everywhere=True, actor=COMMAND_LINE):
        pass
    if not find_stopping(get_period(event.month_on.isoformat())):
        close_period(event.month_on, actor=COMMAND_LINE)


def figures_published(_state: DemoState, _event: FiguresPublished) -> None:
    """The figures of the months that are over are published, as the worker does."""
    publish_months(actor=WORKER)


def _opening(state: DemoState) -> EntryDraft:
    credit = chart.NET_ASSETS_BROUGHT_FORWARD
    return EntryDraft(
        kind=EntryKind.OPENING,
        entry_on=state.plan.span.first - timedelta(days=1),
        memo=OPENING_MEMO,
        postings=[
            PostingDraft(code, funds.bank_of(code).account_code, credit, satang)
            for code, satang in funds.BROUGHT_FORWARD.items()
        ],
        source_type="demo",
        source_ref="opening",
        maker=COMMAND_LINE.ref,
        idempotency_key="demo:opening",
    )
