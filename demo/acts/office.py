"""What the office does by itself: opening the books, moving cash, closing months."""

from datetime import timedelta

from demo import funds
from demo.acts.stage import Stage
from demo.happenings import CashMoves, MonthCloses
from fundapp import clock
from fundapp.access.actors import COMMAND_LINE
from fundapp.banking.matching.operations.cash import DRAWN_MEMO, PAID_IN_MEMO
from fundapp.banking.operations import open_bank_account
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind
from fundapp.ledger.operations import close_period, create_fund, post_entry
from fundapp.markers import N_

OPENING_MEMO = N_("Balance brought forward")


def open_books(stage: Stage) -> None:
    """Funds, bank accounts, and what each fund held on the eve of the story."""
    for position, fund in enumerate(funds.FUNDS, start=1):
        create_fund(
            code=fund.code,
            restriction=fund.restriction,
            names=fund.names,
            purposes=fund.purposes,
            position=position,
            actor=COMMAND_LINE,
        )
    for account in funds.BANK_ACCOUNTS:
        open_bank_account(
            account.code,
            name=account.name,
            bank_code=account.bank_code,
            account_number=account.number,
            account_code=account.account_code,
            actor=COMMAND_LINE,
        )
    post_entry(_opening(stage), actor=COMMAND_LINE)


def cash_moves(stage: Stage, it: CashMoves) -> None:
    """Cash is paid in or drawn; the statement shows it later."""
    bank = funds.bank_of(it.fund).account_code
    into = it.satang > 0
    debit, credit = (bank, chart.CASH_ON_HAND) if into else (chart.CASH_ON_HAND, bank)
    draft = EntryDraft(
        kind=EntryKind.TRANSFER,
        entry_on=clock.today(),
        memo=PAID_IN_MEMO if into else DRAWN_MEMO,
        postings=[PostingDraft(it.fund, debit, credit, abs(it.satang))],
        source_type="cash",
        source_ref=f"demo-{it.cash}",
        maker=stage.cast.officer(it.cash).ref,
        idempotency_key=f"demo:cash:{it.cash}",
    )
    stage.cash[it.cash] = post_entry(draft, actor=stage.cast.officer(it.cash)).id


def month_closes(stage: Stage, it: MonthCloses) -> None:
    """The books of a month are closed."""
    close_period(it.month_on, actor=COMMAND_LINE)


def _opening(stage: Stage) -> EntryDraft:
    brought = chart.NET_ASSETS_BROUGHT_FORWARD
    return EntryDraft(
        kind=EntryKind.OPENING,
        entry_on=stage.story.span.first - timedelta(days=1),
        memo=OPENING_MEMO,
        postings=[
            PostingDraft(code, funds.bank_of(code).account_code, brought, satang)
            for code, satang in funds.BROUGHT_FORWARD.items()
        ],
        source_type="demo",
        source_ref="opening",
        maker=COMMAND_LINE.ref,
        idempotency_key="demo:opening",
    )
