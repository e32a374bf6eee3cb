"""What happened to a request, for its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from fundapp.access.permissions import Process
from fundapp.disbursements import queries
from fundapp.disbursements.reader import RequestFile
from fundapp.identity.actor_names import PROCESSES
from fundapp.money import format_baht
from fundapp.remarks.filters import remark_text
from fundapp.remarks.models import ErasureReason
from fundapp.web.filters import label, moment


@dataclass(frozen=True, slots=True)
class RequestEvent:
    """Something that happened to a request; ``text`` is a reason or a number."""

    at: datetime
    title: str
    who: str
    text: str = ""
    tone: str = "neutral"

    @property
    def when(self) -> str:
        """Day and time in Thailand, as the page shows it."""
        return moment(self.at)


def history_of(file: RequestFile) -> list[RequestEvent]:
    """What happened to the request, oldest first."""
    request = file.request
    moves = queries.list_moves(request)
    events = [
        RequestEvent(request.requested_at, _("Asked for"), request.requested_by.name),
        *(
            RequestEvent(
                approval.decided_at,
                label(approval.decision),
                approval.approver.name,
                _words(file, approval.reason_digest),
                approval.decision.tone,
            )
            for approval in request.approvals
        ),
        *(
            RequestEvent(move.at, _("Changed and sent again"), move.name)
            for move in moves
            if move.verb == "resubmit"
        ),
        *(
            RequestEvent(
                payout.recorded_at, _("Paid out"), payout.payer.name, payout.voucher, "good"
            )
            for payout in request.payouts
        ),
        *(
            RequestEvent(
                proof.filed_at, label(proof.outcome), proof.filed_by.name, tone=proof.outcome.tone
            )
            for proof in request.proofs
        ),
        *_releases_and_answers(file),
        *(
            RequestEvent(
                each.declared_at,
                _("Interest declared; does not decide"),
                each.user.name,
                label(each.interest),
                "warn",
            )
            for each in request.interests
        ),
        *(
            RequestEvent(
                opening.opened_at,
                _("Names opened for an audit"),
                opening.opened_by.name,
                _words(file, opening.reason_digest),
            )
            for opening in request.openings
        ),
        *_endings(file, moves),
    ]
    return sorted(events, key=lambda event: event.at)


def _words(file: RequestFile, digest: bytes | None) -> str:
    """The reason with this digest, as far as the viewer may see it."""
    return remark_text(file.remarks.get(digest)) if digest else ""


def _endings(file: RequestFile, moves: Sequence[queries.Move]) -> list[RequestEvent]:
    """The request cancelled, sent back by the bank, its money come back, its words erased."""
    return [
        *(
            RequestEvent(
                back.recorded_at,
                _("Shares came back: %(amount)s baht", amount=format_baht(back.amount_satang)),
                back.recorded_by.name,
                _words(file, back.reason_digest),
                "warn",
            )
            for payout in file.request.payouts
            for back in payout.share_returns
        ),
        *(
            RequestEvent(
                back.recorded_at,
                label(back.cause),
                back.recorded_by.name,
                _words(file, back.reason_digest),
                "bad",
            )
            for payout in file.request.payouts
            if (back := payout.comeback)
        ),
        *(
            RequestEvent(move.at, _("Cancelled"), move.name, _words(file, move.digest), "bad")
            for move in moves
            if move.verb == "cancel"
        ),
        *(
            RequestEvent(
                move.at,
                _("Could not be paid, sent back"),
                move.name,
                _words(file, move.digest),
                "bad",
            )
            for move in moves
            if move.verb == "reopen"
        ),
        *(
            RequestEvent(move.at, _("Words erased"), move.name, label(ErasureReason(move.note)))
            for move in moves
            if move.verb == "erase-words"
        ),
    ]


def _releases_and_answers(file: RequestFile) -> list[RequestEvent]:
    """Bank details that were verified, stopped payments that went on, and what the payee answered
    by link.
    """
    request = file.request
    return [
        *(
            RequestEvent(
                check.checked_at,
                label(check.answer),
                check.checker.name,
                _words(file, check.words_digest) or label(check.checked_by),
                check.answer.tone,
            )
            for check in request.account_checks
        ),
        *(
            RequestEvent(
                each.released_at,
                _("Stopped payment let go on"),
                each.released_by.name,
                _words(file, each.reason_digest),
                "warn",
            )
            for each in request.releases
        ),
        *(
            RequestEvent(
                each.confirmed_at,
                label(each.outcome),
                str(PROCESSES[Process.RECEIPT_LINK]),
                tone=each.outcome.tone,
            )
            for each in request.confirmations
        ),
    ]
