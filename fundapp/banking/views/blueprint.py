"""The blueprint of banking, and what all of its pages share."""

from typing import Any

from flask import Blueprint, render_template

from fundapp.access.current import current_actor
from fundapp.banking.policy import may_import_statements, may_match_lines
from fundapp.banking.statement_files.queries import count_open_lines

blueprint = Blueprint("banking", __name__, url_prefix="/bank")


def page(template: str, **values: Any) -> str:
    """A page of banking, with the counts of its tabs and what the reader may do."""
    actor = current_actor()
    unmatched, held = count_open_lines()
    return render_template(
        f"banking/{template}.html",
        unmatched=unmatched,
        held=held,
        may_match=may_match_lines(actor),
        may_import=may_import_statements(actor),
        **values,
    )
