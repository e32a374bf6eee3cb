"""What is the fund's own: its accounts, PromptPay ids, address and pages, against those who collect
in its name.
"""

from collections.abc import Hashable

from flask import Response, current_app, render_template

from fundapp.access.marks import public
from fundapp.giving import queries
from fundapp.giving.gateways.values import GATEWAY
from fundapp.giving.payment_instructions import ACCOUNTS, own_accounts
from fundapp.giving.views.blueprint import blueprint
from fundapp.ledger.log.queries import last_checkpoint
from fundapp.web.public_pages import public_page
from fundapp.web.remembered_pages import Draft


@blueprint.get("/real-fund")
@public
def real_fund() -> Response:
    """The page by which anybody tells the fund from others."""
    return public_page(_version, _page)


def _version() -> Hashable:
    """While it is the same, so are the accounts, their funds and the key of the log: a frozen
    account goes at once.
    """
    newest = last_checkpoint()
    key = newest and newest.vkey
    return tuple(current_app.extensions[ACCOUNTS]()), queries.gift_funds_version(), key


def _page() -> Draft:
    accounts = current_app.extensions[ACCOUNTS]()
    funds, newest = queries.list_gift_funds(), last_checkpoint()
    return Draft(
        render_template(
            "giving/real_fund.html",
            accounts=own_accounts(funds, accounts, current_app.config),
            takes_cards=GATEWAY in current_app.extensions,
            public_url=current_app.config["PUBLIC_URL"],
            log_key=newest.vkey if newest else "",
        )
    )
