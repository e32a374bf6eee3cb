"""What is in the database: before the storm, made by a process of its own, and after it."""

from collections import Counter

from sqlalchemy import NullPool, create_engine

from fundapp.db import engine_options
from tests.storm.world import FUNDS, INSTALMENTS, Sums


def prepare(count: int) -> None:
    """Make the tables if there are none, the funds, and ``count`` pages of the processor for
    instalments of pledges by many donors.
    """
    import flask_migrate

    from fundapp import create_app
    from fundapp.giving.batches import Addresses, send_to_processor
    from fundapp.giving.gateways.values import GATEWAY
    from tests.factories.actors import VISITOR
    from tests.factories.books import make_fund
    from tests.factories.giving import make_pledge
    from tests.faults.processes import ROOT

    app = create_app()
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        for position, code in enumerate(FUNDS):
            make_fund(code, position=position)
        gateway = app.extensions[GATEWAY]
        addresses = Addresses(
            "https://fund.example.org/paid?page={CHECKOUT_SESSION_ID}", "https://fund.example.org/"
        )
        for number in range(-(-count // INSTALMENTS)):
            pledge = make_pledge(
                fund_code=FUNDS[number % len(FUNDS)],
                amount_satang=(1_000_00 + number) * INSTALMENTS,
                instalment_count=INSTALMENTS,
                email=f"giver{number}@example.org",
                name=f"Giver {number}",
            )
            for instalment in range(min(INSTALMENTS, count - number * INSTALMENTS)):
                _url, refusal = send_to_processor(
                    gateway, pledge.token, str(instalment + 1), addresses, actor=VISITOR
                )
                if refusal is not None:
                    raise refusal


def rows(url: str, statement: str) -> list[tuple]:
    """The rows of a question, on a connection of its own."""
    options = {**engine_options(url), "poolclass": NullPool}
    for name in ("pool_size", "max_overflow"):
        options.pop(name, None)
    with create_engine(url, **options).connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


def checkouts(url: str) -> dict[str, tuple[str, str]]:
    """Fund and donor of each page of the processor."""
    found = rows(
        url,
        "SELECT c.public_id, p.fund_code, d.email FROM checkouts c"
        " JOIN pledges p ON p.id = c.pledge_id JOIN donors d ON d.id = p.donor_id",
    )
    return {ref: (fund, donor) for ref, fund, donor in found}


def sums(url: str) -> Sums:
    """What the books say."""
    gifts = rows(
        url,
        "SELECT d.fund_code, sum(d.amount_satang) FROM payments p"
        " JOIN designations d ON d.payment_id = p.id WHERE p.status = 'received' GROUP BY 1",
    )
    donors = rows(
        url,
        "SELECT d.email, sum(p.amount_satang) FROM payments p JOIN donors d ON d.id = p.donor_id"
        " WHERE p.status = 'received' GROUP BY 1",
    )
    return Sums(
        Counter({fund: int(satang) for fund, satang in gifts}),
        Counter({donor: int(satang) for donor, satang in donors}),
        _balances(url, "5210"),
        _balances(url, "1131"),
    )


def trial_balance(url: str) -> list[tuple[str, str, int]]:
    """Account, fund and balance of all that is not zero."""
    found = rows(
        url,
        "SELECT account, fund_code, sum(satang) FROM ("
        " SELECT debit_account_code AS account, fund_code, amount_satang AS satang FROM postings"
        " UNION ALL"
        " SELECT credit_account_code, fund_code, -amount_satang FROM postings"
        ") moved GROUP BY 1, 2 ORDER BY 1, 2",
    )
    return [(account, fund, int(satang)) for account, fund, satang in found if satang]


def counts(url: str) -> dict[str, int]:
    """How many rows there are of what the storm makes."""
    tables = ("processor_notices", "handled_notices", "processor_movements", "payments", "receipts")
    return {table: rows(url, f"SELECT count(*) FROM {table}")[0][0] for table in tables}


def _balances(url: str, account: str) -> Counter:
    return Counter({fund: satang for code, fund, satang in trial_balance(url) if code == account})
