"""The rules that proposals refuse by."""

from fundapp.errors import RuleError, StaleError
from fundapp.markers import N_


class AlreadyProposedError(RuleError):
    """There is one open proposal for a thing at a time."""

    message = N_(
        "A change of this is proposed already. Confirm it, refuse it or withdraw it first."
    )


class NothingProposedError(RuleError):
    """The values are what they are already."""

    message = N_("Nothing would change.")


class OwnProposalError(RuleError):
    """Nobody confirms what he or she proposed."""

    message = N_("You proposed this yourself. Another person has to confirm it.")


class NotTakenOverError(RuleError):
    """What a command proposed needs two people like everything else."""

    message = N_("The command line proposed this. One person takes it over, another confirms it.")


class ProposalDecidedError(StaleError):
    """It was decided meanwhile."""

    message = N_("This proposal is decided already.")


class ProposalExpiredError(RuleError):
    """It waited too long."""

    message = N_("This proposal has expired. Propose the change again.")


class ProposalStaleError(StaleError):
    """The thing changed since."""

    message = N_(
        "What this would change has been changed since. Refuse it, and propose the change again."
    )


class ProposerGoneError(RuleError):
    """Who proposed it may not propose it any more."""

    message = N_("Who proposed this may not do so any more. Refuse it, and propose it again.")


class ResetBetweenError(RuleError):
    """One of the two reset the other's sign-in, or others reset both, so they may be one person."""

    message = N_(
        "One of you reset the other's sign-in within the last seven days, the same administrator "
        "reset both of yours on paper, or one was reset on the server. Somebody else must do this, "
        "or you wait until the seven days are over."
    )
