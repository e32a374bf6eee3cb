"""What the roles are called on pages."""

from fundapp.access.permissions import Role
from fundapp.web.lazy import lazy as _l

ROLE_LABELS: dict[Role, str] = {
    Role.DONOR: _l("Donor"),
    Role.CASE_MANAGER: _l("Case manager"),
    Role.FUND_OFFICER: _l("Fund officer"),
    Role.APPROVER: _l("Approver"),
    Role.AUDITOR: _l("Auditor"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

ROLE_HINTS: dict[Role, str] = {
    Role.DONOR: _l("Gives to the fund and sees the own gifts."),
    Role.CASE_MANAGER: _l(
        "Looks after the children of the districts chosen below, and asks for help."
    ),
    Role.FUND_OFFICER: _l(
        "Records money that comes in, imports bank statements and pays help out."
    ),
    Role.APPROVER: _l("Decides on requests for help."),
    Role.AUDITOR: _l("Reads everything about money, changes nothing."),
    Role.ADMINISTRATOR: _l("Manages who may sign in; sees no child and moves no money."),
}
