"""Decrypting is reading: the only way to what names a child, a guardian or a payee.

A `Reader` is made for one actor and one purpose. Before it gives a value it writes, in the same
unit of work, that the actor read the children whom the value is about; when the unit of work fails,
nothing was shown and nothing is written. Whether the actor may read is decided by the caller. Key
rotation and the check of stored files decrypt too, and show nothing to anybody;
``tests/architecture/test_decrypting.py`` refuses every other use.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import Transaction

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.births import stored_birth
from fundapp.children.corrections import changes_in
from fundapp.children.encryption import decrypt, decrypt_optional
from fundapp.children.files import (
    ChildFile,
    ChildName,
    Correction,
    KnownGuardian,
    SignedConsent,
)
from fundapp.children.likeness import fit_words, spelled_words
from fundapp.children.models import Child, Consent, Purpose, TargetGroup
from fundapp.children.policy import (
    age_on,
    may_show_correction,
    may_show_group,
    may_show_identity,
)
from fundapp.db import connection_of_work
from fundapp.documents import store
from fundapp.documents.encryption import decrypt as decrypt_document
from fundapp.documents.models import Document
from fundapp.places.queries import find_subdistrict
from fundapp.remarks.encryption import words_in
from fundapp.remarks.models import Remark
from fundapp.remarks.reader import ShownWords
from fundapp.thai.folding import fold_text
from fundapp.thai.identity_numbers import IdKind, format_pin
from fundapp.thai.names import fold_name
from fundapp.thai.names_in_text import person_names, quote_name
from fundapp.trail.operations import record_child_reads

_PIN_KINDS = (IdKind.THAI_PIN, IdKind.NO_NATIONALITY)


class Decrypting(Protocol):
    """What gives the value of an encrypted column: a `Reader`, or a check that shows nobody."""

    def decrypt(self, row: Any, column: str, *, about: Iterable[Child]) -> str:
        """See `Reader.decrypt`."""

    def decrypt_optional(self, row: Any, column: str, *, about: Iterable[Child]) -> str:
        """See `Reader.decrypt_optional`."""


class Reader:
    """Decrypts for one actor and one purpose, and records each child once.

    Decrypting raises RuntimeError outside a unit of work, and KeyringError for a value that was
    encrypted for another column, row or key.
    """

    def __init__(self, actor: Actor, purpose: Purpose) -> None:
        self._actor = actor
        self._purpose = purpose
        self._recorded: set[str] = set()
        self._transaction: Transaction | None = None

    def decrypt(self, row: Any, column: str, *, about: Iterable[Child]) -> str:
        """What the encrypted column of ``row`` holds; ``about`` are the children whom it is about,
        at least one.
        """
        self._record_some(about)
        return decrypt(row, column)

    def decrypt_optional(self, row: Any, column: str, *, about: Iterable[Child]) -> str:
        """As `decrypt`; the empty text, which is no read, where the column is NULL."""
        return "" if getattr(row, column) is None else self.decrypt(row, column, about=about)

    def document(self, document: Document, *, about: Iterable[Child]) -> bytes:
        """The bytes of a stored paper. Raises NotFoundError when they are gone, and
        DamagedDocumentError.
        """
        self._record_some(about)
        return decrypt_document(document, store.get(document.storage_key))

    def name(self, child: Child) -> ChildName:
        """What a list shows of the child: where the identity may not be shown its code alone, which
        is no read.
        """
        self._record([child] if may_show_identity(child, clock.today()) else [])
        return _name(child)

    def quote_names(
        self, text: str, children: Iterable[Child], *others: tuple[Any, str]
    ) -> str | None:
        """The words of ``text`` that name one of the children, a guardian of theirs, or what
        ``others`` (a row and its encrypted column) name; None when it names nobody. Of a person the
        full name, the given and the family name count.

        Titles, spelling and spacing make no difference. Only where somebody is named is it a read
        of the children: whoever typed the name learns that it is theirs.
        """
        if not text:
            return None
        listed = list(children)
        names = [
            name
            for child in listed
            for name in (f"{_given(child)} {_family(child)}", _given(child), _family(child))
        ]
        guardians = ((child.guardian, "name_encrypted") for child in listed)
        for row, column in (*guardians, *others):
            names += person_names(decrypt(row, column))
        words = quote_name(text, names)
        if words is not None:
            self._record(listed)
        return words

    def find_names(self, children: Iterable[Child], text: str, *, limit: int) -> list[ChildName]:
        """The first ``limit`` of the children whose code, name or school contains ``text``.

        Only those are read: the others were compared, and are shown to nobody.
        """
        self._record([])
        wanted = fold_name(text)
        matching = (name for name in map(_name, children) if wanted in _searched(name))
        names = list(islice(matching, limit))
        self._record(name.child for name in names if name.is_shown)
        return names

    def find_named(self, children: Iterable[Child], text: str, *, limit: int) -> list[ChildName]:
        """The first ``limit`` of the children whose name has every word of ``text``, as it is typed
        or as it sounds in either script; the best fitting first. Only those are read.
        """
        self._record([])
        day, wanted = clock.today(), spelled_words(text)
        fits = (
            (fit_words(f"{_given(child)} {_family(child)}", wanted), child)
            for child in children
            if may_show_identity(child, day)
        )
        ranked = sorted(
            ((points, child) for points, child in fits if points),
            key=lambda each: (-each[0], each[1].id),
        )
        names = [_name(child) for _points, child in ranked[:limit]]
        self._record(name.child for name in names)
        return names

    def file(self, child: Child) -> ChildFile:
        """The child's whole file.

        Where the identity may not be shown nothing is decrypted. The read is recorded even then,
        because the file still says in which district the child lives and who signed what.
        """
        self._record([child])
        name = _name(child)
        if not name.is_shown:
            hidden = tuple(SignedConsent(consent) for consent in child.consents)
            return ChildFile(child, is_shown=False, consents=hidden)
        guardian = self.guardian(child)
        return ChildFile(
            child,
            is_shown=True,
            is_group_shown=name.is_group_shown,
            given_name=name.given_name,
            family_name=name.family_name,
            birth_on=name.birth_on,
            age=name.age,
            birth=name.birth,
            school_name=name.school_name,
            target_group=name.target_group,
            subdistrict=find_subdistrict(decrypt(child, "subdistrict_code_encrypted")),
            id_number=_written(child.id_kind, decrypt_optional(child, "id_number_encrypted")),
            guardian_name=guardian.name,
            guardian_phone=guardian.phone,
            consents=tuple(self.consent(consent, child) for consent in child.consents),
        )

    def correction(self, remark: Remark, child: Child) -> Correction:
        """What was corrected; nothing, which is no read, where the identity may not be shown or the
        words were erased.
        """
        day = clock.today()
        if remark.words_encrypted is None or not may_show_identity(child, day):
            return Correction(remark, is_shown=False)
        words = self.decrypt(remark, "words_encrypted", about=[child])
        changes = changes_in(words_in(words))
        if not may_show_correction(child, changes, day):
            return Correction(remark, is_shown=False)
        return Correction(remark, is_shown=True, changes=changes)

    def remark(self, remark: Remark, child: Child) -> ShownWords:
        """A remark on the child's file; its words, which is a read, where the identity may be
        shown.
        """
        if remark.words_encrypted is None or not may_show_identity(child, clock.today()):
            return ShownWords.of(remark)
        words = self.decrypt(remark, "words_encrypted", about=[child])
        return ShownWords.of(remark, words_in(words))

    def guardian(self, child: Child) -> KnownGuardian:
        """The child's guardian; the caller has made sure that the identity may be shown."""
        guardian = child.guardian
        return KnownGuardian(
            guardian,
            self.decrypt(guardian, "name_encrypted", about=[child]),
            self.decrypt_optional(guardian, "phone_encrypted", about=[child]),
        )

    def consent(self, consent: Consent, child: Child) -> SignedConsent:
        """A consent of the child with its signer and note."""
        return SignedConsent(
            consent,
            self.decrypt(consent, "signer_name_encrypted", about=[child]),
            self.decrypt_optional(consent, "note_encrypted", about=[child]),
        )

    def _record_some(self, children: Iterable[Child]) -> None:
        listed = list(children)
        if not listed:
            raise ValueError("an encrypted value is about at least one child")
        self._record(listed)

    def _record(self, children: Iterable[Child]) -> None:
        """Write the read of those who were not recorded yet in this transaction or savepoint: what
        another one wrote may have been rolled back.
        """
        connection = connection_of_work()
        transaction = connection.get_nested_transaction() or connection.get_transaction()
        if transaction is not self._transaction:
            self._transaction, self._recorded = transaction, set()
        new = [ref for child in children if (ref := child.public_id) not in self._recorded]
        self._recorded.update(new)
        record_child_reads(dict.fromkeys(new), reader=self._actor, purpose=self._purpose)


def _name(child: Child) -> ChildName:
    day = clock.today()
    if not may_show_identity(child, day):
        return ChildName(child, is_shown=False)
    birth = stored_birth(decrypt(child, "birth_on_encrypted"))
    group = TargetGroup(decrypt(child, "target_group_encrypted"))
    is_group_shown = may_show_group(child, group, day)
    return ChildName(
        child,
        is_shown=True,
        is_group_shown=is_group_shown,
        given_name=decrypt(child, "given_name_encrypted"),
        family_name=decrypt(child, "family_name_encrypted"),
        birth_on=birth.on,
        # A year alone that has just begun is estimated in its middle.
        age=max(0, age_on(birth.on, day)),
        birth=birth,
        school_name=decrypt(child, "school_name_encrypted"),
        target_group=group if is_group_shown else None,
    )


def _given(child: Child) -> str:
    return decrypt(child, "given_name_encrypted")


def _family(child: Child) -> str:
    return decrypt(child, "family_name_encrypted")


def _searched(name: ChildName) -> str:
    return fold_text(f"{name.code} {name.display_name} {name.school_name}")


def _written(kind: IdKind, number: str) -> str:
    """The number as papers print it."""
    return format_pin(number) if kind in _PIN_KINDS else number
