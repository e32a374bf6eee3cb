"""What a donor gave in a year, for the office and for the donor's own account."""

from collections.abc import Callable

from flask import Response, render_template, url_for

from fundapp.access.current import current_actor
from fundapp.access.marks import public, requires
from fundapp.access.permissions import Permission
from fundapp.giving.receipts.keys import owner_key
from fundapp.giving.receipts.letters import statement_pdf, year_text
from fundapp.giving.receipts.statements import (
    YearStatement,
    get_donor_statement,
    get_own_statement,
)
from fundapp.giving.receipts.year_codes import read_year_code
from fundapp.giving.views.blueprint import blueprint
from fundapp.web.limits import take_try, visitor


@blueprint.get("/donors/<public_id>/statements/<int:year>")
@requires(Permission.DONOR_READ)
def donor_statement(public_id: str, year: int) -> str:
    """That of one donor."""
    statement = get_donor_statement(public_id, year)
    return _page(
        statement,
        lambda other: url_for("giving.donor_statement", public_id=public_id, year=other),
        url_for("giving.donor_statement_pdf", public_id=public_id, year=year),
    )


@blueprint.get("/donors/<public_id>/statements/<int:year>.pdf")
@requires(Permission.DONOR_READ)
def donor_statement_pdf(public_id: str, year: int) -> Response:
    """The same as PDF."""
    return _pdf(get_donor_statement(public_id, year))


@blueprint.get("/statements/<code>")
@public
def linked_statement(code: str) -> str:
    """That of a link that was sent to its donor."""
    statement = get_donor_statement(*read_year_code(code))
    return render_template(
        "giving/statement.html",
        layout="layouts/public.html",
        statement=statement,
        year=year_text(statement.year),
        pdf_url=url_for("giving.linked_statement_pdf", code=code),
        receipt_key=owner_key,
        years=[],
    )


@blueprint.get("/statements/<code>.pdf")
@public
def linked_statement_pdf(code: str) -> Response:
    """The same as PDF."""
    take_try("LIMIT_RECEIPT", visitor())
    return _pdf(get_donor_statement(*read_year_code(code)))


@blueprint.get("/my-giving/statements/<int:year>")
@requires(Permission.WORKSPACE_OPEN)
def own_statement(year: int) -> str:
    """One's own."""
    return _page(
        get_own_statement(current_actor(), year),
        lambda other: url_for("giving.own_statement", year=other),
        url_for("giving.own_statement_pdf", year=year),
    )


@blueprint.get("/my-giving/statements/<int:year>.pdf")
@requires(Permission.WORKSPACE_OPEN)
def own_statement_pdf(year: int) -> Response:
    """The same as PDF."""
    return _pdf(get_own_statement(current_actor(), year))


def _page(statement: YearStatement, url_of: Callable[[int], str], pdf_url: str) -> str:
    return render_template(
        "giving/statement.html",
        statement=statement,
        year=year_text(statement.year),
        pdf_url=pdf_url,
        years=[(year_text(other), url_of(other)) for other in statement.years_beside],
    )


def _pdf(statement: YearStatement) -> Response:
    response = Response(statement_pdf(statement), mimetype="application/pdf")
    name = f"giving-{statement.year}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
