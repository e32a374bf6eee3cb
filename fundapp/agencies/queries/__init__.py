"""Every read of agencies and referrals; none of it decrypts."""

from fundapp.agencies.queries.gaps import FileNeed, GapReport, gaps_and_overlaps
from fundapp.agencies.queries.referrals import (
    count_waiting_referrals,
    find_open_referral,
    find_referral_of_key,
    follows_referrals,
    get_referral,
    list_received_help,
    list_referrals,
    list_referrals_of,
    list_referrals_of_agency,
    refers_child,
    whom_to_tell,
)
from fundapp.agencies.queries.register import (
    agency_names,
    find_access,
    find_agency,
    find_agency_named,
    get_agency,
    list_accesses,
    list_agencies,
    list_agencies_to_ask,
)

__all__ = [
    "FileNeed",
    "GapReport",
    "agency_names",
    "count_waiting_referrals",
    "find_access",
    "find_agency",
    "find_agency_named",
    "find_open_referral",
    "find_referral_of_key",
    "follows_referrals",
    "gaps_and_overlaps",
    "get_agency",
    "get_referral",
    "list_accesses",
    "list_agencies",
    "list_agencies_to_ask",
    "list_received_help",
    "list_referrals",
    "list_referrals_of",
    "list_referrals_of_agency",
    "refers_child",
    "whom_to_tell",
]
