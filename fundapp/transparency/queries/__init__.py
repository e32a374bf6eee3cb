"""Reading what the public pages show: what was published, and what came in until now."""

from fundapp.transparency.queries.became import (
    Became,
    BecamePart,
    FundProgress,
    Use,
    read_became,
    read_progress,
)
from fundapp.transparency.queries.holders import list_holders, list_mailings, occasions_to_mail
from fundapp.transparency.queries.overview import Month, Overview, books_version, overview
from fundapp.transparency.queries.publications import (
    Published,
    find_published,
    last_month_over,
    last_published_day,
    last_published_month,
    list_help_lines,
    list_published,
    months_to_publish,
)

__all__ = [
    "Became",
    "BecamePart",
    "FundProgress",
    "Month",
    "Overview",
    "Published",
    "Use",
    "books_version",
    "find_published",
    "last_month_over",
    "last_published_day",
    "last_published_month",
    "list_help_lines",
    "list_holders",
    "list_mailings",
    "list_published",
    "months_to_publish",
    "occasions_to_mail",
    "overview",
    "read_became",
    "read_progress",
]
