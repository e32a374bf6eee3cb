"""Sealed rows opened for a reader. Whoever calls this logs the read in the same unit of work.

Where no consent to keep the file stands, nothing is decrypted: the child is its code.
"""

from dataclasses import dataclass, field
from datetime import date

from fundapp import clock
from fundapp.children.encryption import decrypt, decrypt_optional
from fundapp.children.models import Child, Consent, Guardian
from fundapp.children.policy import age_on, may_show_identity
from fundapp.thai.identity_numbers import IdKind, format_pin

_PIN_KINDS = (IdKind.THAI_PIN, IdKind.NO_NATIONALITY)


@dataclass(frozen=True, slots=True)
class ChildName:
    """What a list shows of a child. Empty texts and None where the identity may not be shown."""

    child: Child = field(repr=False)
    is_shown: bool
    given_name: str = field(repr=False, default="")
    family_name: str = field(repr=False, default="")
    birth_on: date | None = field(repr=False, default=None)
    age: int | None = field(repr=False, default=None)

    @property
    def code(self) -> str:
        """The child's code."""
        return self.child.code

    @property
    def display_name(self) -> str:
        """The full name, or the code where the name may not be shown."""
        return f"{self.given_name} {self.family_name}".strip() or self.code


@dataclass(frozen=True, slots=True)
class ChildFile(ChildName):
    """A child's whole file. Empty texts where the identity may not be shown."""

    id_number: str = field(repr=False, default="")
    guardian_name: str = field(repr=False, default="")
    guardian_phone: str = field(repr=False, default="")
    consents: tuple["SignedConsent", ...] = ()


@dataclass(frozen=True, slots=True)
class SignedConsent:
    """A consent with its signer's name; empty where the identity may not be shown."""

    consent: Consent = field(repr=False)
    signer_name: str = field(repr=False, default="")
    note: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class KnownGuardian:
    """A guardian whose other child is being registered."""

    guardian: Guardian = field(repr=False)
    name: str = field(repr=False)
    phone: str = field(repr=False)


def open_name(child: Child, on: date | None = None) -> ChildName:
    """Decrypt what a list shows."""
    day = on or clock.today()
    if not may_show_identity(child, day):
        return ChildName(child, is_shown=False)
    birth_on = date.fromisoformat(decrypt(child, "birth_on_encrypted"))
    return ChildName(
        child,
        is_shown=True,
        given_name=decrypt(child, "given_name_encrypted"),
        family_name=decrypt(child, "family_name_encrypted"),
        birth_on=birth_on,
        age=age_on(birth_on, day),
    )


def open_file(child: Child, on: date | None = None) -> ChildFile:
    """Decrypt the whole file."""
    name = open_name(child, on)
    if not name.is_shown:
        hidden = tuple(SignedConsent(consent) for consent in child.consents)
        return ChildFile(child, is_shown=False, consents=hidden)
    return ChildFile(
        child,
        is_shown=True,
        given_name=name.given_name,
        family_name=name.family_name,
        birth_on=name.birth_on,
        age=name.age,
        id_number=_written(child.id_kind, decrypt_optional(child, "id_number_encrypted")),
        guardian_name=decrypt(child.guardian, "name_encrypted"),
        guardian_phone=decrypt_optional(child.guardian, "phone_encrypted"),
        consents=tuple(_open_consent(consent) for consent in child.consents),
    )


def open_guardian(guardian: Guardian) -> KnownGuardian:
    """Decrypt a guardian."""
    return KnownGuardian(
        guardian, decrypt(guardian, "name_encrypted"), decrypt_optional(guardian, "phone_encrypted")
    )


def _open_consent(consent: Consent) -> SignedConsent:
    return SignedConsent(
        consent,
        decrypt(consent, "signer_name_encrypted"),
        decrypt_optional(consent, "note_encrypted"),
    )


def _written(kind: IdKind, number: str) -> str:
    """The number as papers print it."""
    return format_pin(number) if kind in _PIN_KINDS else number
