"""Why what is written of a vendor is refused."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class VendorTaxIdError(RuleError):
    """What is no tax number."""

    message = N_("This tax number is not right. Compare all 13 digits with the paper.")


class VendorTaxIdStaysError(RuleError):
    """Another tax number is another vendor."""

    message = N_(
        "The tax number of a vendor stays. Close this vendor, and propose the other as a new one."
    )


class VendorKnownError(RuleError):
    """Another vendor has this tax number."""

    message = N_("A vendor with this tax number is in the register already. Change that one.")


class VendorAccountError(RuleError):
    """What is no account number of a bank, or no PromptPay number."""

    message = N_("This account or PromptPay number is not right. Compare it with the bank book.")


class VendorDistrictsError(RuleError):
    """A district that is not known."""

    message = N_("Choose districts from the list, or none for the whole province.")
