"""Opening what the register says of vendors: it concerns no child, whose read would be recorded."""

from collections.abc import Iterable
from dataclasses import replace

from fundapp.access.actors import Actor
from fundapp.children.encryption import decrypt
from fundapp.disbursements.drafts import PayeeAccount, VendorDraft, masked
from fundapp.disbursements.encryption import lookup_payee
from fundapp.disbursements.models import VendorVersion
from fundapp.disbursements.policy import may_see_vendor_numbers
from fundapp.disbursements.queries.account_checks import AccountWarning
from fundapp.disbursements.queries.vendors import find_vendor_warnings


def details_of(version: VendorVersion) -> VendorDraft:
    """All that was written of a vendor: to be copied into a request, or compared."""
    return VendorDraft(
        name=name_of(version),
        kind=version.kind,
        tax_id=decrypt(version, "tax_id_encrypted"),
        address=decrypt(version, "address_encrypted"),
        phone=decrypt(version, "phone_encrypted"),
        account=PayeeAccount.from_text(decrypt(version, "account_encrypted")),
        account_name=decrypt(version, "account_name_encrypted"),
        districts=tuple(version.district_codes),
        ended=version.ended,
    )


def shown_details(version: VendorVersion, viewer: Actor | None) -> VendorDraft:
    """What the viewer is shown of it: without a need for them, or without a viewer, only the last
    digits of its numbers.
    """
    details = details_of(version)
    if viewer is not None and may_see_vendor_numbers(viewer):
        return details
    account = PayeeAccount(details.account.bank_code, details.account.masked())
    return replace(details, tax_id=masked(details.tax_id), account=account)


def warnings_of(versions: Iterable[VendorVersion]) -> dict[int, list[AccountWarning]]:
    """What speaks against each, as the hashes show it, by row id."""
    return find_vendor_warnings({each.id: lookup_payee(name_of(each)) for each in versions})


def name_of(version: VendorVersion) -> str:
    """The name of the vendor."""
    return decrypt(version, "name_encrypted")


def phone_of(version: VendorVersion) -> str:
    """Its telephone number; empty: not known."""
    return decrypt(version, "phone_encrypted")
