"""Plain values of second factors, before anything is looked up."""

from dataclasses import dataclass
from ipaddress import ip_address


@dataclass(frozen=True, slots=True)
class PasskeyContext:
    """What a passkey answers to: this site, and the challenge of the session it is asked in.

    ``domain`` and ``origin`` are of the address that people use.
    """

    domain: str
    origin: str
    challenge: bytes

    @property
    def is_possible(self) -> bool:
        """Whether browsers know passkeys here: a name, not the number of a machine."""
        try:
            ip_address(self.domain)
        except ValueError:
            return True
        return False


@dataclass(frozen=True, slots=True)
class FactorAnswer:
    """What somebody gave as second factor: a typed code (of an app, or for recovery), or what the
    browser says for a passkey, as JSON.
    """

    code: str
    passkey: str
    context: PasskeyContext

    @property
    def is_given(self) -> bool:
        """Whether there is anything to check."""
        return bool(self.code.strip() or self.passkey)


@dataclass(frozen=True, slots=True)
class FactorAdded:
    """After a factor was added: the session's new token, and the recovery codes where there were
    none before.
    """

    token: str
    recovery_codes: tuple[str, ...]
