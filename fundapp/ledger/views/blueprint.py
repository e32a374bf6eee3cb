"""The blueprint of the settings, and how each of their forms is carried out."""

from collections.abc import Callable

from flask import Blueprint, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.proposals.models import Values
from fundapp.proposals.operations import make_proposal
from fundapp.web.forms import Answer, BaseForm, redirect_with, submit

blueprint = Blueprint("ledger", __name__, url_prefix="/settings")


def propose(
    form: BaseForm,
    kind: str,
    subject: Callable[[], str],
    values: Callable[[], Values],
    *,
    page: Callable[[], str],
) -> Answer:
    """Propose what the form says, for an administrator to confirm; ``subject`` and ``values`` read
    the form once it is valid.
    """
    actor = current_actor()
    return submit(
        form,
        lambda: make_proposal(
            kind, subject(), values(), seen=form.version.data or None, actor=actor
        ),
        done=lambda proposal: redirect_with(
            _("Proposed. It holds when an administrator confirms it."),
            url_for("proposals.show", public_id=proposal.public_id),
        ),
        page=page,
    )
