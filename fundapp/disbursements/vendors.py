"""What the register of vendors refuses, and what a request takes from it."""

from dataclasses import replace

from fundapp.disbursements.drafts import RequestDraft, VendorDraft
from fundapp.disbursements.errors import (
    VendorAccountError,
    VendorDistrictsError,
    VendorKnownError,
    VendorMethodError,
    VendorNotOnFileError,
    VendorTaxIdError,
    VendorTaxIdStaysError,
)
from fundapp.disbursements.models import PayoutMethod, VendorVersion
from fundapp.disbursements.queries.vendors import find_vendor, find_vendor_of_tax_id
from fundapp.disbursements.vendor_reader import details_of
from fundapp.errors import UnreadableNameError, require_readable_name
from fundapp.places.queries import list_districts
from fundapp.thai.banks import PROMPTPAY, banks, check_account_number, check_promptpay_number
from fundapp.thai.identity_numbers import check_tax_id


def checked_vendor(draft: VendorDraft) -> VendorDraft:
    """The draft with its numbers as they are stored. Raises UnreadableNameError, VendorTaxIdError,
    VendorAccountError, VendorDistrictsError.
    """
    for field in ("name", "address", "account_name"):
        if not getattr(draft, field).strip():
            raise UnreadableNameError(field=field)
        require_readable_name(getattr(draft, field), field=field)
    try:
        tax_id = check_tax_id(draft.tax_id)
    except ValueError as error:
        raise VendorTaxIdError(field="tax_id") from error
    bank = draft.account.bank_code
    check = check_promptpay_number if bank == PROMPTPAY else check_account_number
    try:
        number = check(draft.account.number)
    except ValueError as error:
        raise VendorAccountError(field="account_number") from error
    if bank != PROMPTPAY and bank not in banks():
        raise VendorAccountError(field="bank")
    districts = tuple(sorted(set(draft.districts)))
    if not {each.code for each in list_districts()}.issuperset(districts):
        raise VendorDistrictsError(field="districts")
    account = replace(draft.account, number=number)
    return replace(draft, tax_id=tax_id, account=account, districts=districts)


def check_vendor_version(version: VendorVersion) -> None:
    """Raise VendorTaxIdStaysError where the vendor has another tax id in the register, and
    VendorKnownError where another vendor has this one.
    """
    vendor = find_vendor(version.vendor_ref)
    if vendor is not None and vendor.tax_lookup != version.tax_lookup:
        raise VendorTaxIdStaysError(field="tax_id")
    other = find_vendor_of_tax_id(version.tax_lookup)
    if other is not None and other.public_id != version.vendor_ref:
        raise VendorKnownError(field="tax_id")


def with_vendor(draft: RequestDraft, district_code: str) -> RequestDraft:
    """The draft with everything of its payee as the register has it. Raises VendorNotOnFileError,
    VendorMethodError.
    """
    vendor = find_vendor(draft.vendor)
    if vendor is None or not vendor.version.supplies(district_code):
        raise VendorNotOnFileError(field="vendor")
    details = details_of(vendor.version)
    is_promptpay = details.account.bank_code == PROMPTPAY
    method = PayoutMethod.PROMPTPAY if is_promptpay else PayoutMethod.TRANSFER
    if draft.payout_method not in (method, PayoutMethod.CASH):
        raise VendorMethodError(field="payout_method")
    return replace(
        draft,
        payee_name=details.name,
        payee_reason="",
        payee_address=details.address,
        payee_id_number=details.tax_id,
        account=None if draft.payout_method is PayoutMethod.CASH else details.account,
        vendor_version=vendor.version.public_id,
    )
