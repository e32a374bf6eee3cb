"""Every page that shows a list, a count or a sum, with each filter that it offers, by the role
that sees most of it.
"""

from fundapp.access.permissions import Role
from fundapp.banking.models import LineStatus
from fundapp.children.models import ChildStatus
from fundapp.disbursements.models import RequestStatus
from fundapp.giving.models import EDonationState, Method
from fundapp.ledger.models import EntryKind
from fundapp.mail.models import MailState

_ALL_DAYS = "from_on=2023-10-01&to_on=2026-11-24"
#: Days within a month: before and after its middle.
_DAYS = ("2026-05-10", "2026-05-21")

#: Pages that read, from an index alone, the entries of a part of one month, or hold the lines of a
#: month against its entries: they grow with the months, and may cost so many steps for each entry
#: of the busiest month.
OF_A_MONTH = {
    f"/audit/activities?from_on={_DAYS[0]}&to_on={_DAYS[1]}": 8,
    "/bank/reconciliation?account=KTB-MAIN": 8,
    f"/bank/reconciliation?account=KTB-MAIN&day={_DAYS[1]}": 120,
}
#: Pages that ask of each request in work, or of each consent that has ended, whether something is
#: to be done: they grow with that work, and may cost so many steps for each.
OF_OPEN_WORK = {
    "/today": 60,
    "/children/consents": 20,
    "/disbursements?consent=ended": 60,
}

PAGES: dict[Role | None, list[str]] = {
    None: [
        "/",
        "/give",
        "/real-fund",
        "/campaigns",
        "/figures.json",
        "/became",
        "/pledges/{pledge}",
        "/pledges/{pledge}/became",
        "/receipts/{receipt}",
        "/receipts/{receipt}/became",
        "/receipts/{receipt}/proof",
        "/ledger/checkpoints",
    ],
    Role.DONOR: ["/today", "/my-giving"],
    Role.FUND_OFFICER: [
        "/today",
        "/today/overdue",
        "/payments",
        *(f"/payments?method={method}" for method in Method),
        "/payments?from_on=2026-05-01&to_on=2026-05-31",
        "/payments/{payment}",
        "/payments/promised",
        "/payments/new",
        "/cash",
        "/batches",
        "/batches/new",
        "/fundraising",
        "/gifts-in-kind",
        "/donors",
        "/donors/{donor}",
        "/donors/{donor}/messages",
        "/donors/{donor}/tax-details",
        "/office/pledges/new",
        "/donors/{donor}/describe",
        "/donors/duplicates",
        "/donors/import",
        "/donors/unreached",
        "/receipts",
        "/receipts?year=2000",
        "/receipts?year=2000&status=void",
        "/receipts?year=2000&status=valid",
        "/receipts?year=2000&after=1000",
        "/receipts/{receipt}",
        "/refunds",
        "/refunds/all",
        *(f"/e-donations?status={state}" for state in EDonationState),
        "/bank/accounts",
        "/bank/accounts/KTB-MAIN",
        "/bank/card-payouts",
        "/bank/card-payouts?state=waiting",
        "/bank/lines",
        *(f"/bank/lines?status={status}" for status in LineStatus),
        "/bank/lines/{unmatched_line}",
        "/bank/waiting",
        "/bank/slips",
        "/bank/lines/{paid_out_line}",
        "/bank/statements",
        "/bank/statements/{statement}",
        "/bank/statements/{statement}?status=unmatched",
        "/bank/transfers/new",
        "/bank/deposits/new",
        "/bank/lines/{unmatched_line}/givers",
        "/bank/reconciliation?account=KTB-MAIN",
        f"/bank/reconciliation?account=KTB-MAIN&day={_DAYS[1]}",
        "/outbox",
        *(f"/outbox?state={state}" for state in MailState),
        "/disbursements?status=approved",
        "/proposals",
        "/settings",
    ],
    Role.CASE_MANAGER: [
        "/today",
        "/children",
        *(f"/children?status={status}" for status in ChildStatus),
        "/children?district=9506",
        "/children/{child}",
        "/children/{child}/reads",
        "/children/consents",
        "/children/duplicates",
        "/children/duplicates?state=decided",
        "/disbursements",
        "/disbursements?consent=ended",
        "/disbursements?child={child_code}",
        "/disbursements/new?child={child}",
    ],
    Role.SUPERVISOR: ["/today", "/children", "/children/reads", "/children/duplicates"],
    Role.APPROVER: [
        "/today",
        "/disbursements",
        *(f"/disbursements?status={status}" for status in RequestStatus),
        "/disbursements?fund=ZAKAT",
        "/disbursements?district=9506",
        "/disbursements?consent=ended",
        "/children",
    ],
    Role.AUDITOR: [
        "/audit/thread/{gift_entry}",
        "/audit/thread/{help_entry}",
        "/today",
        "/budgets",
        "/budgets?year=2569&fund=GENERAL",
        f"/budgets/GENERAL/5110/charges?{_ALL_DAYS}",
        f"/budgets/GENERAL/5110/charges?{_ALL_DAYS}&part=committed",
        f"/budgets/GENERAL/5110/charges?{_ALL_DAYS}&part=spent",
        "/fund-transfers",
        "/grants",
        "/grants/due",
        f"/audit/journal?{_ALL_DAYS}",
        *(f"/audit/journal?{_ALL_DAYS}&kind={kind}" for kind in EntryKind),
        f"/audit/journal?{_ALL_DAYS}&fund=ZAKAT",
        f"/audit/journal?{_ALL_DAYS}&fund=GENERAL",
        f"/audit/journal?{_ALL_DAYS}&after=2024-11-24.17000.0",
        f"/audit/journal?{_ALL_DAYS}&after=2024-11-24.17000.0&order=oldest",
        *(f"/audit/trial-balance?as_of={day}" for day in _DAYS),
        f"/audit/trial-balance?as_of={_DAYS[1]}&fund=ZAKAT",
        *(f"/audit/accounts?as_of={day}" for day in _DAYS),
        *(f"/audit/funds?as_of={day}" for day in _DAYS),
        f"/audit/activities?from_on={_DAYS[0]}&to_on={_DAYS[1]}",
        f"/audit/accounts/1121?{_ALL_DAYS}",
        f"/audit/accounts/1121?{_ALL_DAYS}&fund=ZAKAT",
        f"/audit/accounts/1121?{_ALL_DAYS}&after=2026-05-21.30000.1",
        f"/audit/accounts/4110?from_on={_DAYS[1]}&to_on=2026-11-24",
        "/audit/trail",
        f"/audit/trail?{_ALL_DAYS}",
        f"/audit/trail?{_ALL_DAYS}&action=ledger:period:close",
        f"/audit/trail?{_ALL_DAYS}&subject=period",
        f"/audit/trail?{_ALL_DAYS}&person=approver@example.org",
        "/audit/checks",
        "/audit/samples",
        "/audit/samples/new",
        "/audit/exports",
        "/proposals",
    ],
    Role.ADMINISTRATOR: ["/today", "/users", "/users/invitations", "/remarks", "/settings/months"],
}
