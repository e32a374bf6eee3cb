"""The minutes of a meeting as PDF in Thai: who attended, each item with its votes and resolution,
lines to sign, and the checkpoint of the books with its QR code. No child and no payee is named.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from fundapp.clock import local_day
from fundapp.committee.models import CommitteeItem, CommitteeMeeting, MeetingKind, Outcome
from fundapp.committee.queries import count_children
from fundapp.committee.steps import recused_of, voters_of
from fundapp.db import db
from fundapp.ledger.models import LogCheckpoint
from fundapp.money import format_baht
from fundapp.typesetting import set_pdf
from fundapp.web.filters import day, label, moment
from fundapp.web.locale import fund_name, localized
from fundapp.web.qr_codes import qr_svg_of_paper

_PAPER = Path(__file__).parent / "papers" / "minutes.typ"


def minutes_pdf(meeting: CommitteeMeeting) -> bytes:
    """The paper of a closed meeting: the same bytes whenever it is asked for."""
    if meeting.closed_at is None:
        raise ValueError("the minutes of a meeting are made when it is closed")
    closed_at = meeting.closed_at
    with force_locale("th"):
        data = _content(meeting, closed_at)
    return set_pdf(_PAPER, data, made_on=local_day(closed_at))


def _content(meeting: CommitteeMeeting, closed_at: datetime) -> dict[str, Any]:
    counts = count_children({item.request_id for item in meeting.items})
    is_circular = meeting.kind is MeetingKind.CIRCULAR
    title = (
        _("Circular resolution %(number)s") if is_circular else _("Minutes of meeting %(number)s")
    )
    return {
        "language": "th",
        "fund_name": fund_name(),
        "made_on": local_day(closed_at).isoformat(),
        "title": title % {"number": meeting.label},
        "facts": [
            [_("Day"), day(meeting.held_on)],
            [_("Place"), meeting.place],
            [_("Appointment order"), meeting.order.number],
            [_("Members"), str(meeting.order.seat_count)],
            [_("Quorum"), str(meeting.order.quorum)],
            [_("Minutes final since"), moment(closed_at)],
        ],
        "attendance_label": _("Attendance"),
        "attendance_heads": [_("Seat"), _("Member"), _("Attended")],
        "attendance": _attendance(meeting),
        "items_label": _("Agenda and resolutions"),
        "items": [_item(item, meeting, counts[item.request_id]) for item in meeting.items],
        "signatures": [_("Chair of the committee"), _("Secretary")],
        "checkpoint": _checkpoint(meeting),
    }


def _attendance(meeting: CommitteeMeeting) -> list[list[str]]:
    sits = {attendance.seat: attendance for attendance in meeting.attendances}
    rows = []
    for seat in meeting.order.seats:
        attended = sits.get(seat.seat)
        if attended is None:
            said = _("absent")
        elif attended.is_substitute:
            said = _("substitute: %(name)s", name=attended.user.display_name)
        else:
            said = _("attended")
        name = _("%(name)s (chair)", name=seat.member.display_name)
        rows.append([str(seat.seat), name if seat.seat == 1 else seat.member.display_name, said])
    return rows


def _item(item: CommitteeItem, meeting: CommitteeMeeting, children: int) -> dict[str, Any]:
    request, resolution = item.request, item.resolution
    lines = [
        _(
            "%(need)s, %(amount)s baht of %(fund)s, %(district)s, %(children)s children",
            need=label(request.need),
            amount=format_baht(request.total_satang),
            fund=localized(request.fund),
            district=localized(request.district),
            children=children,
        )
    ]
    lines += [
        _(
            "%(name)s declared an interest and did not vote: %(interest)s",
            name=recusal.user.display_name,
            interest=label(recusal.interest),
        )
        for recusal in recused_of(item, meeting)
    ]
    if resolution is None:
        lines.append(_("Not decided; it waits for another meeting."))
        return {"title": _title(item), "lines": lines, "votes": [], "resolution": ""}
    if resolution.outcome is Outcome.POSTPONE and not voters_of(item, meeting):
        lines.append(_("Nobody could vote on it."))
    votes = [[vote.user.display_name, label(vote.ballot)] for vote in item.votes]
    text = _(
        "Resolution %(number)s: %(outcome)s (in favour %(favour)s, against %(against)s, abstained "
        "%(abstained)s)",
        number=resolution.label,
        outcome=label(resolution.outcome),
        favour=resolution.for_count,
        against=resolution.against_count,
        abstained=resolution.abstain_count,
    )
    return {"title": _title(item), "lines": lines, "votes": votes, "resolution": text}


def _title(item: CommitteeItem) -> str:
    return _(
        "Item %(number)s: request %(request)s", number=item.position, request=item.request.number
    )


def _checkpoint(meeting: CommitteeMeeting) -> dict[str, Any] | None:
    if meeting.log_number is None or meeting.log_size is None:
        return None
    checkpoint = db.session.get_one(LogCheckpoint, (meeting.log_number, meeting.log_size))
    return {
        "label": _("Checkpoint of the books"),
        "words": _(
            "Signed %(moment)s over %(size)s entries. Whoever keeps these minutes can prove later "
            "whether one of them was changed, removed or moved: %(url)s",
            moment=moment(checkpoint.signed_at),
            size=f"{checkpoint.size:,}",
            url=f"{current_app.config['PUBLIC_URL']}/ledger/checkpoints",
        ),
        "note": checkpoint.note.rstrip("\n"),
        "qr": qr_svg_of_paper(checkpoint.note),
        "qr_alt": _("The code holds the same text, to be read with a telephone."),
    }
