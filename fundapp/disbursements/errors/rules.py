"""Why the rules of help and of a fund refuse something."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class OverChildCapError(RuleError):
    """More for a child than the rules of help allow in a fiscal year."""

    message = N_(
        "A child gets at most %(cap)s baht in a fiscal year. For child %(code)s %(left)s baht are "
        "left, with what is asked for and approved already. Ask for less, or wait for the next "
        "year."
    )


class OverHouseholdCapError(RuleError):
    """More for a household than the rules of help allow in a fiscal year."""

    message = N_(
        "A household gets at most %(cap)s baht in a fiscal year. For the household of child "
        "%(code)s %(left)s baht are left, with what is asked for and approved already. Ask for "
        "less, or wait for the next year."
    )


class RulesDayError(RuleError):
    """Rules of help that would begin before today, or on the day of others."""

    message = N_("The rules begin today or later, on a day on which no others begin.")


class BandsError(RuleError):
    """Bands that do not rise."""

    message = N_(
        "Write the bands from the smallest amount to the largest, each with an amount and a number "
        "of people; a larger amount needs more people."
    )


class CapsError(RuleError):
    """A household that may get less than one of its children."""

    message = N_("A household gets at least as much as one child.")


class UnknownFundError(RuleError):
    """No such fund, or one that takes no requests."""

    message = N_("Choose a fund from the list.")


class OutsideNeedsError(RuleError):
    """The rules of the fund do not name the purpose."""

    message = N_(
        "The rules of this fund do not allow this purpose. Choose another fund, or another purpose "
        "that it allows."
    )


class OutsideDistrictsError(RuleError):
    """The rules of the fund do not name the district."""

    message = N_("The rules of this fund do not allow help in this district. Choose another fund.")


class OutsideAgesError(RuleError):
    """Children outside the ages of the fund's rules."""

    message = N_(
        "This fund helps children from %(first)s to %(last)s years. These children have another "
        "age (in years): %(children)s. Leave them out, or choose another fund."
    )


class OutsideGroupsError(RuleError):
    """Children in none of the groups of the fund's rules."""

    message = N_(
        "These children are in none of the target groups that this fund helps: %(children)s. "
        "Leave them out, choose another fund, or correct the group in the file where it is wrong."
    )


class NoZakatGroupError(RuleError):
    """Zakat for children of whom no group that is entitled to it is on file."""

    message = N_(
        "No group entitled to zakat is on the file of these children: %(children)s. Leave them "
        "out, choose another fund, or write the zakat group into the file first."
    )


class OutsideZakatGroupsError(RuleError):
    """Children in none of the zakat groups of the fund's rules."""

    message = N_(
        "These children are in none of the zakat groups that this fund helps: %(children)s. Leave "
        "them out, or choose another fund."
    )


class FundRulesDayError(RuleError):
    """Rules of a fund that began before, or on a day on which others of it begin."""

    message = N_("Choose a day from today on, on which no other rules of this fund begin.")


class FundAgesError(RuleError):
    """Ages that are none, or in the wrong order."""

    message = N_("Write ages from 1 to 25 years, the lower one first.")


class ZakatRulesError(RuleError):
    """Zakat groups in the rules of another fund."""

    message = N_("Only a zakat fund has rules on zakat groups. Leave them empty.")
