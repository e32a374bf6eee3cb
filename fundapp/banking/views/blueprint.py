"""The blueprint of banking, and what its views share."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user

from fundapp.access.permissions import Permission
from fundapp.banking import queries, words
from fundapp.banking.candidates import CandidateKind
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.policy import charge_of

blueprint = Blueprint("banking", __name__, url_prefix="/bank")
blueprint.add_app_template_filter(words.label, "line_label")
blueprint.add_app_template_filter(words.tone, "line_tone")
blueprint.add_app_template_filter(words.say, "said")
blueprint.add_app_template_filter(words.memo, "entry_memo")


@blueprint.app_template_filter("candidate_label")
def candidate_label(kind: CandidateKind) -> str:
    """What a kind of candidate is called."""
    return str(words.KIND_LABELS[kind])


def page(template: str, **values: Any) -> str:
    """A page of banking with what all of them show: the counts, and what this person may do."""
    return render_template(
        f"banking/{template}.html",
        unmatched=queries.count_unmatched(),
        held=queries.count_held(),
        may_match=current_user.can(Permission.STATEMENT_MATCH),
        may_import=current_user.can(Permission.STATEMENT_IMPORT),
        **values,
    )


def beside(lines: list[StatementLine]) -> dict[str, Any]:
    """What stands beside lines: candidates, what they are matched to, whether the bank's own."""
    return {
        "candidates": queries.list_candidates(lines),
        "matched": queries.matched_things(lines),
        "charges": {line.id: charge_of(line) for line in lines},
    }


def status_asked() -> LineStatus | None:
    """The state in ``?status=``, if it is one."""
    wanted = request.args.get("status")
    return next((status for status in LineStatus if status == wanted), None)
