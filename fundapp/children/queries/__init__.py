"""Every read of children. Nothing here decrypts: that is `fundapp.children.reader`'s."""

from fundapp.children.queries.children import (
    find_by_code,
    find_by_number_or_code,
    find_child_of_guardian,
    find_id_holder,
    find_same_person,
    get_child,
    get_children,
    has_consent_on,
    is_code_taken,
    is_corrected,
    list_children,
    list_requestable_children,
    list_siblings,
    load_again,
)
from fundapp.children.queries.consents import (
    CONSENT_PAPER,
    count_ending_consents,
    get_consent,
    list_ending_consents,
    list_papers,
)
from fundapp.children.queries.districts import (
    is_subdistrict_of,
    list_own_districts,
    list_subdistricts_of,
)
from fundapp.children.queries.duplicates import (
    count_findings,
    find_finding,
    get_finding,
    list_findings,
)
from fundapp.children.queries.reads import list_reads, search_reads

__all__ = [
    "CONSENT_PAPER",
    "count_ending_consents",
    "count_findings",
    "find_by_code",
    "find_by_number_or_code",
    "find_child_of_guardian",
    "find_finding",
    "find_id_holder",
    "find_same_person",
    "get_child",
    "get_children",
    "get_consent",
    "get_finding",
    "has_consent_on",
    "is_code_taken",
    "is_corrected",
    "is_subdistrict_of",
    "list_children",
    "list_ending_consents",
    "list_findings",
    "list_own_districts",
    "list_papers",
    "list_reads",
    "list_requestable_children",
    "list_siblings",
    "list_subdistricts_of",
    "load_again",
    "search_reads",
]
