"""Errors of campaigns."""

from fundapp.errors import RuleError, StaleError
from fundapp.markers import N_


class CampaignError(RuleError):
    """Something of a campaign is missing or does not fit."""

    message = N_("Write the campaign's names in all three languages.")


class SlugTakenError(RuleError):
    """Each campaign has an address of its own, for ever."""

    message = N_("Another campaign has this address. Choose another one.")


class CampaignClosedError(StaleError):
    """A closed campaign stays as it is."""

    message = N_("This campaign is closed. It is not changed any more.")
