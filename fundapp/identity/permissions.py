"""Who may do what, on one page.

A route asks for one permission; a role grants a set of them. What may be done to *which* thing (own
district, not one's own request) is decided by the pure functions in each package's ``policy.py``.
"""

from enum import StrEnum


class Role(StrEnum):
    """The six roles. Visitors who are not signed in have none."""

    DONOR = "donor"
    CASE_MANAGER = "case_manager"
    FUND_OFFICER = "fund_officer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """``noun:verb``; one per kind of door."""

    WORKSPACE_OPEN = "workspace:open"
    DONOR_READ = "donor:read"
    PAYMENT_READ = "payment:read"
    PAYMENT_RECORD = "payment:record"
    STATEMENT_READ = "statement:read"
    STATEMENT_IMPORT = "statement:import"
    STATEMENT_MATCH = "statement:match"
    CHILD_READ = "child:read"
    CHILD_REGISTER = "child:register"
    DISBURSEMENT_READ = "disbursement:read"
    DISBURSEMENT_REQUEST = "disbursement:request"
    DISBURSEMENT_DECIDE = "disbursement:decide"
    DISBURSEMENT_CANCEL = "disbursement:cancel"
    DISBURSEMENT_PAY = "disbursement:pay"
    DISBURSEMENT_PROVE = "disbursement:prove"
    JOURNAL_READ = "journal:read"
    MAIL_READ = "mail:read"
    MAIL_RETRY = "mail:retry"
    USER_MANAGE = "user:manage"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.DONOR: frozenset({Permission.WORKSPACE_OPEN}),
    Role.CASE_MANAGER: frozenset(
        {
            Permission.WORKSPACE_OPEN,
            Permission.CHILD_READ,
            Permission.CHILD_REGISTER,
            Permission.DISBURSEMENT_READ,
            Permission.DISBURSEMENT_REQUEST,
            Permission.DISBURSEMENT_CANCEL,
            Permission.DISBURSEMENT_PROVE,
        }
    ),
    Role.FUND_OFFICER: frozenset(
        {
            Permission.WORKSPACE_OPEN,
            Permission.DONOR_READ,
            Permission.PAYMENT_READ,
            Permission.PAYMENT_RECORD,
            Permission.STATEMENT_READ,
            Permission.STATEMENT_IMPORT,
            Permission.STATEMENT_MATCH,
            Permission.DISBURSEMENT_READ,
            Permission.DISBURSEMENT_PAY,
            Permission.JOURNAL_READ,
            Permission.MAIL_READ,
            Permission.MAIL_RETRY,
        }
    ),
    Role.APPROVER: frozenset(
        {
            Permission.WORKSPACE_OPEN,
            Permission.CHILD_READ,
            Permission.DISBURSEMENT_READ,
            Permission.DISBURSEMENT_DECIDE,
            Permission.DISBURSEMENT_CANCEL,
            Permission.JOURNAL_READ,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.WORKSPACE_OPEN,
            Permission.DONOR_READ,
            Permission.PAYMENT_READ,
            Permission.STATEMENT_READ,
            Permission.DISBURSEMENT_READ,
            Permission.JOURNAL_READ,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.WORKSPACE_OPEN,
            Permission.USER_MANAGE,
            Permission.JOURNAL_READ,
            Permission.MAIL_READ,
            Permission.MAIL_RETRY,
        }
    ),
}

#: Staff sessions end sooner than donors'.
STAFF_ROLES = frozenset(Role) - {Role.DONOR}
