"""What stands out among approved requests: accounts, proofs of receipt, references (pure)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from fundapp.audit.exceptions.rules.base import ExceptionRule, Found, SeenHelp, Source
from fundapp.ledger.drafts import entry_number
from fundapp.markers import N_


def _shared_accounts(rows: Sequence[SeenHelp], _limit: int) -> Iterator[Found]:
    for account, of_account in _by_account(rows).items():
        payees = tuple(sorted({row.payee for row in of_account}))
        if len(payees) > 1:
            yield _of_help(f"{account}:{len(payees)}", of_account, codes=payees)


def _staff_accounts(rows: Sequence[SeenHelp], _limit: int) -> Iterator[Found]:
    for account, of_account in _by_account(rows).items():
        staff = tuple(sorted({person for row in of_account for person in row.staff}))
        if staff:
            yield _of_help(f"{account}:{'+'.join(staff)}", of_account, people=staff)


def _asked_and_proved(rows: Sequence[SeenHelp], _limit: int) -> Iterator[Found]:
    for row in rows:
        if row.prover and row.prover == row.asker:
            yield _of_help(entry_number(row.entry_id), [row], people=(row.asker,))


def _references(rows: Sequence[SeenHelp], _limit: int) -> Iterator[Found]:
    twice: dict[str, list[SeenHelp]] = defaultdict(list)
    for row in rows:
        if row.reference:
            twice[row.reference].append(row)
    for reference, paid in twice.items():
        if len(paid) > 1:
            yield _of_help(f"{reference}:{len(paid)}", paid, codes=(reference,))


def _papers(rows: Sequence[SeenHelp], _limit: int) -> Iterator[Found]:
    twice: dict[str, list[SeenHelp]] = defaultdict(list)
    for row in rows:
        for paper in set(row.papers):
            twice[paper].append(row)
    for paper, proved in twice.items():
        if len(proved) > 1:
            yield _of_help(f"{paper}:{len(proved)}", proved)


def _by_account(rows: Sequence[SeenHelp]) -> dict[str, list[SeenHelp]]:
    by_account: dict[str, list[SeenHelp]] = defaultdict(list)
    for row in rows:
        if row.account:
            by_account[row.account].append(row)
    return by_account


def _of_help(
    key: str,
    rows: Sequence[SeenHelp],
    people: tuple[str, ...] = (),
    codes: tuple[str, ...] = (),
) -> Found:
    total = sum(row.satang for row in rows)
    entries = tuple(row.entry_id for row in rows)
    return Found(key, entries, total, max(row.day for row in rows), people, codes)


RULES = (
    ExceptionRule(
        "asked-and-proved",
        N_("The same person at asking and proving"),
        N_(
            "Whoever asked for the help also filed what the payee says of the money. The database "
            "refuses this now: what is found is older than that rule."
        ),
        _asked_and_proved,
        Source.HELP,
    ),
    ExceptionRule(
        "shared-accounts",
        N_("One account for several payees"),
        N_(
            "Help for payees of different names was to go to one and the same account. A name "
            "that is written in two ways, or a couple with one account, is a good reason."
        ),
        _shared_accounts,
        Source.ACCOUNTS,
    ),
    ExceptionRule(
        "staff-accounts",
        N_("An account of somebody who works for the fund"),
        N_(
            "Help was to go to an account that is noted for somebody who works for the fund. "
            "Only noted accounts are compared."
        ),
        _staff_accounts,
        Source.ACCOUNTS,
    ),
    ExceptionRule(
        "references",
        N_("One reference of the bank for several payments"),
        N_(
            "The same reference of the bank stands on several payments of help: one transfer may "
            "have been booked twice. A batch of transfers with one reference is a good reason."
        ),
        _references,
        Source.HELP,
    ),
    ExceptionRule(
        "papers",
        N_("One signed paper for several requests"),
        N_(
            "The same file was filed as the signed paper of several requests. One list that "
            "several payees of a school signed is a good reason."
        ),
        _papers,
        Source.HELP,
    ),
)
