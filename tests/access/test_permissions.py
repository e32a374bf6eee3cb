"""The permission table, read from the other side: for each permission, everybody who holds it."""

from fundapp.access.permissions import (
    ROLE_PERMISSIONS,
    STAFF_ROLES,
    Permission,
    Process,
    Role,
)
from fundapp.access.processes import PROCESS_PERMISSIONS

ROLES = "donor case_manager supervisor fund_officer approver auditor administrator agency"

HOLDERS = {
    "pledge:make": f"public {ROLES}",
    "pledge:change": f"public {ROLES}",
    "pledge:extend": "worker",
    "reminder:send": "command-line worker",
    "workspace:open": ROLES,
    "factor:set-up": ROLES.replace("donor", ""),
    "donor:read": "fund_officer auditor",
    "donor:import": "fund_officer command-line",
    "donor:tidy": "worker",
    "payment:read": "fund_officer auditor",
    "payment:record": "fund_officer card-processor",
    "card-payment:book": "card-processor",
    "refund:order": "",
    "refund:read": "fund_officer auditor administrator",
    "refund:verify": "fund_officer administrator",
    "refund:pay": "fund_officer",
    "statement:read": "fund_officer auditor",
    "statement:import": "fund_officer command-line",
    "statement-profile:save": "",
    "statement:match": "fund_officer",
    "bank-account:open": "command-line",
    "child:read": "case_manager supervisor approver",
    "child-reads:list": "supervisor",
    "child:register": "case_manager",
    "duplicate:decide": "supervisor",
    "duplicate:list": "command-line",
    "child:assign": "supervisor",
    "child:hand-over": "case_manager supervisor",
    "child:import": "case_manager",
    "child:index": "command-line worker",
    "plan:agree": "supervisor",
    "agency:read": "case_manager supervisor fund_officer approver auditor administrator",
    "agency:keep": "",
    "referral:read": "case_manager supervisor agency",
    "referral:send": "case_manager",
    "referral:answer": "agency",
    "disbursement:read": "case_manager supervisor fund_officer approver auditor",
    "disbursement:request": "case_manager",
    "disbursement:verify": "supervisor fund_officer",
    "disbursement:decide": "approver",
    "disbursement:cancel": "case_manager approver",
    "disbursement:pay": "fund_officer",
    "disbursement:release": "fund_officer approver",
    "disbursement:prove": "case_manager supervisor",
    "disbursement:open": "auditor",
    "payee:note": "worker",
    "vendor:read": "case_manager supervisor fund_officer approver auditor administrator",
    "vendor:keep": "",
    "voucher:print": "case_manager supervisor fund_officer approver",
    "receipt:confirm": "receipt-link",
    "committee:read": "fund_officer approver auditor administrator",
    "committee:keep": "fund_officer",
    "committee:vote": "approver",
    "committee:appoint": "",
    "help-rules:set": "",
    "callback:draw": "command-line worker",
    "journal:read": "fund_officer approver auditor administrator",
    "fund:open": "command-line",
    "fund:transfer": "",
    "advance:book": "",
    "grant:amend": "",
    "budget:set": "",
    "grant:read": "fund_officer approver auditor administrator",
    "grant:keep": "fund_officer",
    "grant:start": "",
    "period:close": "command-line",
    "balance:fold": "command-line worker",
    "log:seal": "command-line worker",
    "log-holders:set": "",
    "older-books:import": "command-line",
    "mail:read": "fund_officer administrator",
    "mail:retry": "fund_officer administrator",
    "channel:note": "worker line command-line",
    "mail:send": "worker",
    "place:import": "command-line",
    "key:rotate": "command-line",
    "concern:tell": f"public {ROLES}",
    "concern:read": "supervisor approver auditor administrator",
    "concern:handle": "supervisor approver administrator",
    "concern:protect": "supervisor approver",
    "concern:appoint": "",
    "programme:read": "supervisor fund_officer approver auditor administrator command-line",
    "programme:keep": "administrator",
    "council:read": "supervisor fund_officer approver auditor administrator",
    "council:count": "command-line worker",
    "remark:erase": "administrator command-line",
    "document:check": "command-line worker",
    "user:manage": "administrator command-line",
    "role:give": "command-line",
    "house:propose": "fund_officer administrator command-line",
    "house:confirm": "administrator",
    "figures:publish": "command-line worker",
    "pack:make": "auditor command-line worker",
    "letter:read": "fund_officer auditor",
    "letter:send": "fund_officer auditor",
    "letter:keep": "auditor",
    "check:mark": "command-line worker",
    "check:order": "fund_officer approver auditor administrator worker",
    "sample:read": "approver auditor administrator",
    "sample:keep": "auditor",
    "finding:read": "fund_officer approver auditor administrator",
    "finding:keep": "auditor",
    "finding:answer": "fund_officer approver administrator",
    "exception:read": "approver auditor administrator",
    "exception:dismiss": "auditor",
    "trail:read": "auditor administrator",
    "proposal:read": "fund_officer auditor administrator",
    "backup:make": "command-line",
    "backup:restore": "command-line",
}


def holders(permission: Permission) -> set[str]:
    tables = (ROLE_PERMISSIONS, PROCESS_PERMISSIONS)
    return {name.value for table in tables for name, held in table.items() if permission in held}


def test_each_permission_is_held_by_these_and_nobody_else():
    held = {permission.value: holders(permission) for permission in Permission}
    assert held == {permission: set(names.split()) for permission, names in HOLDERS.items()}


def test_every_role_and_process_is_in_the_table():
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert set(PROCESS_PERMISSIONS) == set(Process)


def test_no_role_does_two_of_the_three_steps_of_help():
    steps = {
        Permission.DISBURSEMENT_REQUEST, Permission.DISBURSEMENT_DECIDE,
        Permission.DISBURSEMENT_PAY,
    }  # fmt: skip
    assert {role for role in Role if len(ROLE_PERMISSIONS[role] & steps) > 1} == set()


def test_an_auditor_changes_nothing_of_the_fund():
    own = ROLE_PERMISSIONS[Role.DONOR] | {Permission.FACTOR_SET_UP}
    # A run of the checks and a pack read all and change nothing; samples, findings and letters are
    # the audit's own, and so is the reason for seeing names.
    audit = {
        Permission.CHECK_ORDER, Permission.SAMPLE_KEEP, Permission.FINDING_KEEP,
        Permission.EXCEPTION_DISMISS, Permission.PACK_MAKE, Permission.LETTER_KEEP,
        Permission.LETTER_SEND, Permission.DISBURSEMENT_OPEN,
    }  # fmt: skip
    beyond_a_donor = ROLE_PERMISSIONS[Role.AUDITOR] - own - audit
    assert {permission.value.partition(":")[2] for permission in beyond_a_donor} == {"read"}


def test_staff_is_everybody_but_donors():
    assert {role.value for role in STAFF_ROLES} == set(ROLES.split()) - {"donor"}
