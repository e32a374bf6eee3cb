"""The list of what two people change."""

from flask import render_template

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.ledger import queries
from fundapp.ledger.views.blueprint import blueprint


@blueprint.get("")
@requires(Permission.HOUSE_PROPOSE)
def settings() -> str:
    """Funds with their states, and where everything else is changed."""
    return render_template(
        "ledger/settings.html",
        funds=queries.list_funds(),
        may_manage_users=current_actor().can(Permission.USER_MANAGE),
    )
