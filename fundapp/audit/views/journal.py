"""The entries of the journal, and the whole of it as a file."""

from typing import Any

from flask import Response, abort, render_template, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.audit import queries
from fundapp.audit.naming import name_events, page_url
from fundapp.audit.views.blueprint import blueprint
from fundapp.identity import sessions
from fundapp.identity.actor_names import name_actors
from fundapp.ledger import exports
from fundapp.ledger.periods import month_start
from fundapp.web.downloads import text_download
from fundapp.web.limits import take_try

_MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl"}


@blueprint.get("/entries/<number>")
@requires(Permission.JOURNAL_READ)
def entry(number: str) -> str:
    """One entry with everything behind it."""
    dossier = queries.open_dossier(number)
    made = dossier.detail.row.entry
    return render_template(
        "audit/entry.html",
        dossier=dossier,
        events=name_events(dossier.events, viewer=current_actor()),
        names=name_actors([made.maker, made.checker, *(event.actor for event in dossier.events)]),
        accounts=queries.accounts_by_code(),
        funds=queries.funds_by_code(),
        work=_audit_work(dossier),
        month_url=url_for("audit.period", starts_on=month_start(made.entry_on).isoformat()),
    )


def _audit_work(dossier: queries.Dossier) -> list[tuple[str, str, str]]:
    """What auditors wrote of the entry, as far as the reader may open it: kind, name, address."""
    found: list[tuple[str, str, str, dict[str, Any]]] = [
        *(
            (
                _("Item of a sample"),
                f"{item.sample_number}/{item.position}",
                "audit.sample_item",
                {"number": item.sample_number, "position": item.position},
            )
            for item in dossier.items
        ),
        *(
            (_("Confirmation letter"), letter.number, "audit.letter", {"number": letter.number})
            for letter in dossier.letters
        ),
        *(
            (_("Finding"), finding.title, "audit.finding", {"number": finding.number})
            for finding in dossier.findings
        ),
    ]
    actor = current_actor()
    return [
        (kind, name, url)
        for kind, name, endpoint, values in found
        if (url := page_url(endpoint, actor, values))
    ]


@blueprint.get("/exports")
@requires(Permission.JOURNAL_READ)
def export_list() -> str:
    """The formats in which the whole journal can be taken away."""
    return render_template("audit/export_list.html")


@blueprint.get("/exports/<format_name>")
@requires(Permission.JOURNAL_READ)
@fresh_factor
def export(format_name: str) -> Response:
    """The whole journal as it is now, as a file."""
    if format_name not in exports.FORMATS:
        abort(404)
    take_try("LIMIT_EXPORT", sessions.signed_in_user().public_id)
    ending = {"hledger": "journal"}.get(format_name, format_name)
    name = f"ledger-{clock.today().isoformat()}.{ending}"
    media_type = _MEDIA_TYPES.get(format_name, "text/plain")
    return text_download(name, media_type, exports.export_lines(format_name))
