"""Vendors that two people agreed on."""

import itertools
from dataclasses import replace
from typing import Any

from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.drafts import PayeeAccount, VendorDraft
from fundapp.disbursements.models import PayeeKind, Vendor, VendorKind
from fundapp.disbursements.queries.vendors import get_vendor
from fundapp.disbursements.vendor_reader import details_of
from fundapp.proposals.operations import confirm_proposal
from tests.factories.children import RAMAN
from tests.factories.identity import make_user

_numbers = itertools.count(1)


def tax_id(number: int) -> str:
    """The number of an invented company, with its check digit."""
    digits = f"01055{number:07d}"
    total = sum((13 - place) * int(digit) for place, digit in enumerate(digits))
    return f"{digits}{(11 - total % 11) % 10}"


def vendor_draft(**overrides: Any) -> VendorDraft:
    """A shop that supplies one district."""
    number = next(_numbers)
    values = {
        "name": f"Uniforms of Example {number}",
        "kind": VendorKind.SHOP,
        "tax_id": tax_id(number),
        "address": "12 Invented Road, Raman",
        "phone": "0731234567",
        "account": PayeeAccount("004", f"{4_000_000_000 + number}"),
        "account_name": "Uniforms of Example",
        "districts": (RAMAN,),
        **overrides,
    }
    return VendorDraft(**values)


def make_vendor(**overrides: Any) -> Vendor:
    """A vendor of the register."""
    return agree_vendor(vendor_draft(**overrides))


def change(vendor: Vendor, **overrides: Any) -> Vendor:
    """The vendor after a change that two people agreed on."""
    return agree_vendor(replace(details_of(vendor.version), **overrides), vendor)


def agree_vendor(draft: VendorDraft, vendor: Vendor | None = None) -> Vendor:
    """What an officer proposed and an administrator confirmed."""
    officer, administrator = make_user(Role.FUND_OFFICER), make_user(Role.ADMINISTRATOR)
    values = {"vendor": vendor, "actor": officer.as_actor()}
    proposal = unit_of_work(operations.propose_vendor, draft, **values)
    unit_of_work(confirm_proposal, proposal.public_id, actor=administrator.as_actor())
    return get_vendor(proposal.subject)


def to_vendor(vendor: Vendor, /, **overrides: Any) -> dict[str, Any]:
    """What of a request says that it pays the vendor."""
    values = {"payee_kind": PayeeKind.VENDOR, "payee_name": "", "account": None}
    return {**values, "vendor": vendor.public_id, **overrides}
