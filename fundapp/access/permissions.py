"""The permissions, and what each role may do; what each process may: `processes`.

A route asks for one permission, an operation for one or several; a role or a process grants a set
of them. What may be done to *which* thing (own district, not one's own request) is decided by the
pure functions in each package's ``policy.py``. What two people do together (`fundapp.proposals`)
asks for a permission that no role grants. Which roles one person may hold together is in
`combinations`.
"""

from enum import StrEnum

from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class Role(LabelledEnum):
    """The eight roles. Visitors who are not signed in have none."""

    DONOR = "donor", N_("Donor")
    CASE_MANAGER = "case_manager", N_("Case manager")
    SUPERVISOR = "supervisor", N_("Supervisor of case managers")
    FUND_OFFICER = "fund_officer", N_("Fund officer")
    APPROVER = "approver", N_("Approver")
    AUDITOR = "auditor", N_("Auditor")
    ADMINISTRATOR = "administrator", N_("Administrator")
    AGENCY = "agency", N_("Partner agency")


class Process(StrEnum):
    """An actor without a person; the value is its name in the trail and the journal."""

    VISITOR = "public"
    COMMAND_LINE = "command-line"
    WORKER = "worker"
    CARD_PROCESSOR = "card-processor"
    LINE = "line"
    RECEIPT_LINK = "receipt-link"


class Permission(StrEnum):
    """``noun:verb``."""

    WORKSPACE_OPEN = "workspace:open"
    FACTOR_SET_UP = "factor:set-up"
    PLEDGE_MAKE = "pledge:make"
    PLEDGE_CHANGE = "pledge:change"
    PLEDGE_EXTEND = "pledge:extend"
    REMINDER_SEND = "reminder:send"
    DONOR_READ = "donor:read"
    DONOR_IMPORT = "donor:import"
    DONOR_TIDY = "donor:tidy"
    PAYMENT_READ = "payment:read"
    PAYMENT_RECORD = "payment:record"
    CARD_PAYMENT_BOOK = "card-payment:book"
    REFUND_ORDER = "refund:order"
    REFUND_READ = "refund:read"
    REFUND_VERIFY = "refund:verify"
    REFUND_PAY = "refund:pay"
    STATEMENT_READ = "statement:read"
    STATEMENT_IMPORT = "statement:import"
    STATEMENT_MATCH = "statement:match"
    STATEMENT_PROFILE_SAVE = "statement-profile:save"
    BANK_ACCOUNT_OPEN = "bank-account:open"
    CHILD_READ = "child:read"
    CHILD_READS_LIST = "child-reads:list"
    CHILD_REGISTER = "child:register"
    DUPLICATE_DECIDE = "duplicate:decide"
    DUPLICATE_LIST = "duplicate:list"
    CHILD_IMPORT = "child:import"
    CHILD_INDEX = "child:index"
    CHILD_ASSIGN = "child:assign"
    CHILD_HAND_OVER = "child:hand-over"
    PLAN_AGREE = "plan:agree"
    PROGRAMME_READ = "programme:read"
    PROGRAMME_KEEP = "programme:keep"
    COUNCIL_READ = "council:read"
    COUNCIL_COUNT = "council:count"
    CONCERN_TELL = "concern:tell"
    CONCERN_READ = "concern:read"
    CONCERN_HANDLE = "concern:handle"
    CONCERN_PROTECT = "concern:protect"
    CONCERN_APPOINT = "concern:appoint"
    AGENCY_READ = "agency:read"
    AGENCY_KEEP = "agency:keep"
    REFERRAL_READ = "referral:read"
    REFERRAL_SEND = "referral:send"
    REFERRAL_ANSWER = "referral:answer"
    DISBURSEMENT_READ = "disbursement:read"
    DISBURSEMENT_REQUEST = "disbursement:request"
    DISBURSEMENT_VERIFY = "disbursement:verify"
    DISBURSEMENT_DECIDE = "disbursement:decide"
    DISBURSEMENT_CANCEL = "disbursement:cancel"
    DISBURSEMENT_PAY = "disbursement:pay"
    DISBURSEMENT_RELEASE = "disbursement:release"
    DISBURSEMENT_PROVE = "disbursement:prove"
    DISBURSEMENT_OPEN = "disbursement:open"
    HELP_RULES_SET = "help-rules:set"
    CALLBACK_DRAW = "callback:draw"
    PAYEE_NOTE = "payee:note"
    VENDOR_READ = "vendor:read"
    VENDOR_KEEP = "vendor:keep"
    VOUCHER_PRINT = "voucher:print"
    RECEIPT_CONFIRM = "receipt:confirm"
    COMMITTEE_READ = "committee:read"
    COMMITTEE_KEEP = "committee:keep"
    COMMITTEE_VOTE = "committee:vote"
    COMMITTEE_APPOINT = "committee:appoint"
    JOURNAL_READ = "journal:read"
    FUND_OPEN = "fund:open"
    FUND_TRANSFER = "fund:transfer"
    BUDGET_SET = "budget:set"
    ADVANCE_BOOK = "advance:book"
    GRANT_READ = "grant:read"
    GRANT_KEEP = "grant:keep"
    GRANT_START = "grant:start"
    GRANT_AMEND = "grant:amend"
    PERIOD_CLOSE = "period:close"
    BALANCE_FOLD = "balance:fold"
    LOG_SEAL = "log:seal"
    LOG_HOLDERS_SET = "log-holders:set"
    OLDER_BOOKS_IMPORT = "older-books:import"
    MAIL_READ = "mail:read"
    MAIL_RETRY = "mail:retry"
    MAIL_SEND = "mail:send"
    CHANNEL_NOTE = "channel:note"
    PLACE_IMPORT = "place:import"
    KEY_ROTATE = "key:rotate"
    REMARK_ERASE = "remark:erase"
    DOCUMENT_CHECK = "document:check"
    FIGURES_PUBLISH = "figures:publish"
    CHECK_MARK = "check:mark"
    CHECK_ORDER = "check:order"
    SAMPLE_READ = "sample:read"
    SAMPLE_KEEP = "sample:keep"
    FINDING_READ = "finding:read"
    FINDING_KEEP = "finding:keep"
    FINDING_ANSWER = "finding:answer"
    EXCEPTION_READ = "exception:read"
    EXCEPTION_DISMISS = "exception:dismiss"
    PACK_MAKE = "pack:make"
    LETTER_READ = "letter:read"
    LETTER_SEND = "letter:send"
    LETTER_KEEP = "letter:keep"
    USER_MANAGE = "user:manage"
    TRAIL_READ = "trail:read"
    ROLE_GIVE = "role:give"
    HOUSE_PROPOSE = "house:propose"
    HOUSE_CONFIRM = "house:confirm"
    PROPOSAL_READ = "proposal:read"
    BACKUP_MAKE = "backup:make"
    BACKUP_RESTORE = "backup:restore"


#: What everybody may do, signed in or not: give, change a pledge whose address is known, and tell a
#: concern.
GIVING = frozenset({Permission.PLEDGE_MAKE, Permission.PLEDGE_CHANGE, Permission.CONCERN_TELL})
#: What everybody who may sign in may do, with or without a role.
SIGNED_IN = GIVING | {Permission.WORKSPACE_OPEN}
#: Everybody who works for the fund proves a second factor.
_STAFF = SIGNED_IN | {Permission.FACTOR_SET_UP}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.DONOR: SIGNED_IN,
    Role.CASE_MANAGER: _STAFF
    | {
        Permission.CHILD_READ,
        Permission.CHILD_REGISTER,
        Permission.CHILD_IMPORT,
        Permission.CHILD_HAND_OVER,
        Permission.AGENCY_READ,
        Permission.VENDOR_READ,
        Permission.REFERRAL_READ,
        Permission.REFERRAL_SEND,
        Permission.DISBURSEMENT_READ,
        Permission.DISBURSEMENT_REQUEST,
        Permission.DISBURSEMENT_CANCEL,
        Permission.DISBURSEMENT_PROVE,
        Permission.VOUCHER_PRINT,
    },
    #: Also the data protection officer: sees the files and who read them. Moves no money, but files
    #: proofs of receipt, which who asked and who paid do not.
    Role.SUPERVISOR: _STAFF
    | {
        Permission.CHILD_READ,
        Permission.CHILD_READS_LIST,
        Permission.CONCERN_READ,
        Permission.CONCERN_HANDLE,
        Permission.CONCERN_PROTECT,
        Permission.PROGRAMME_READ,
        Permission.COUNCIL_READ,
        Permission.DUPLICATE_DECIDE,
        Permission.PLAN_AGREE,
        Permission.CHILD_ASSIGN,
        Permission.CHILD_HAND_OVER,
        Permission.AGENCY_READ,
        Permission.VENDOR_READ,
        Permission.REFERRAL_READ,
        Permission.DISBURSEMENT_READ,
        Permission.DISBURSEMENT_VERIFY,
        Permission.DISBURSEMENT_PROVE,
        Permission.VOUCHER_PRINT,
    },
    Role.FUND_OFFICER: _STAFF
    | {
        Permission.DONOR_READ,
        Permission.DONOR_IMPORT,
        Permission.PAYMENT_READ,
        Permission.PAYMENT_RECORD,
        Permission.REFUND_READ,
        Permission.REFUND_VERIFY,
        Permission.REFUND_PAY,
        Permission.STATEMENT_READ,
        Permission.STATEMENT_IMPORT,
        Permission.STATEMENT_MATCH,
        Permission.HOUSE_PROPOSE,
        Permission.PROPOSAL_READ,
        Permission.PROGRAMME_READ,
        Permission.COUNCIL_READ,
        Permission.AGENCY_READ,
        Permission.VENDOR_READ,
        Permission.DISBURSEMENT_READ,
        Permission.DISBURSEMENT_VERIFY,
        Permission.DISBURSEMENT_PAY,
        Permission.VOUCHER_PRINT,
        Permission.DISBURSEMENT_RELEASE,
        Permission.COMMITTEE_READ,
        Permission.COMMITTEE_KEEP,
        Permission.GRANT_READ,
        Permission.GRANT_KEEP,
        Permission.JOURNAL_READ,
        Permission.CHECK_ORDER,
        Permission.FINDING_READ,
        Permission.FINDING_ANSWER,
        Permission.LETTER_READ,
        Permission.LETTER_SEND,
        Permission.MAIL_READ,
        Permission.MAIL_RETRY,
    },
    Role.APPROVER: _STAFF
    | {
        Permission.CHILD_READ,
        Permission.CONCERN_READ,
        Permission.CONCERN_HANDLE,
        Permission.CONCERN_PROTECT,
        Permission.PROGRAMME_READ,
        Permission.COUNCIL_READ,
        Permission.AGENCY_READ,
        Permission.VENDOR_READ,
        Permission.DISBURSEMENT_READ,
        Permission.DISBURSEMENT_DECIDE,
        Permission.DISBURSEMENT_CANCEL,
        Permission.VOUCHER_PRINT,
        Permission.DISBURSEMENT_RELEASE,
        Permission.COMMITTEE_READ,
        Permission.COMMITTEE_VOTE,
        Permission.GRANT_READ,
        Permission.JOURNAL_READ,
        Permission.CHECK_ORDER,
        Permission.SAMPLE_READ,
        Permission.FINDING_READ,
        Permission.FINDING_ANSWER,
        Permission.EXCEPTION_READ,
    },
    Role.AUDITOR: _STAFF
    | {
        Permission.DONOR_READ,
        Permission.PAYMENT_READ,
        Permission.REFUND_READ,
        Permission.STATEMENT_READ,
        Permission.CONCERN_READ,
        Permission.PROGRAMME_READ,
        Permission.COUNCIL_READ,
        Permission.AGENCY_READ,
        Permission.VENDOR_READ,
        Permission.DISBURSEMENT_READ,
        Permission.DISBURSEMENT_OPEN,
        Permission.COMMITTEE_READ,
        Permission.GRANT_READ,
        Permission.JOURNAL_READ,
        Permission.CHECK_ORDER,
        Permission.SAMPLE_READ,
        Permission.SAMPLE_KEEP,
        Permission.FINDING_READ,
        Permission.FINDING_KEEP,
        Permission.EXCEPTION_READ,
        Permission.EXCEPTION_DISMISS,
        Permission.PACK_MAKE,
        Permission.LETTER_READ,
        Permission.LETTER_SEND,
        Permission.LETTER_KEEP,
        Permission.TRAIL_READ,
        Permission.PROPOSAL_READ,
    },
    Role.ADMINISTRATOR: _STAFF
    | {
        Permission.USER_MANAGE,
        Permission.TRAIL_READ,
        Permission.REMARK_ERASE,
        Permission.CONCERN_READ,
        Permission.CONCERN_HANDLE,
        Permission.PROGRAMME_READ,
        Permission.COUNCIL_READ,
        Permission.PROGRAMME_KEEP,
        Permission.AGENCY_READ,
        Permission.VENDOR_READ,
        Permission.HOUSE_PROPOSE,
        Permission.HOUSE_CONFIRM,
        Permission.PROPOSAL_READ,
        Permission.REFUND_READ,
        Permission.REFUND_VERIFY,
        Permission.COMMITTEE_READ,
        Permission.GRANT_READ,
        Permission.JOURNAL_READ,
        Permission.CHECK_ORDER,
        Permission.SAMPLE_READ,
        Permission.FINDING_READ,
        Permission.FINDING_ANSWER,
        Permission.EXCEPTION_READ,
        Permission.MAIL_READ,
        Permission.MAIL_RETRY,
    },
    #: Sees the children who are referred to its agency, as far as their case managers say, and
    #: nothing else. Works for no fund, but proves a second factor.
    Role.AGENCY: _STAFF | {Permission.REFERRAL_READ, Permission.REFERRAL_ANSWER},
}

#: The roles of people who prove a second factor, and whose sessions end sooner than donors'.
STAFF_ROLES = frozenset(Role) - {Role.DONOR}

#: The roles of people who work for the fund.
OFFICE_ROLES = STAFF_ROLES - {Role.AGENCY}

#: The roles that are held for named districts; the others are held for the whole province.
DISTRICT_ROLES = frozenset({Role.CASE_MANAGER, Role.SUPERVISOR})

#: Forms that ask for one of these want a second factor proved a short while ago: they move money,
#: say where it goes, or change who may do what (``@fresh_factor``, as on the journal's export).
FRESH_FACTOR_PERMISSIONS = frozenset(
    {
        Permission.DISBURSEMENT_REQUEST,
        Permission.DISBURSEMENT_VERIFY,
        Permission.DISBURSEMENT_DECIDE,
        Permission.DISBURSEMENT_PAY,
        Permission.DISBURSEMENT_RELEASE,
        Permission.DISBURSEMENT_OPEN,
        Permission.COMMITTEE_VOTE,
        Permission.HOUSE_PROPOSE,
        Permission.HOUSE_CONFIRM,
        Permission.REFUND_VERIFY,
        Permission.REFUND_PAY,
        Permission.USER_MANAGE,
        Permission.REMARK_ERASE,
    }
)
