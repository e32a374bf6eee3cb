"""Setting up, proving and removing second factors."""

from sqlalchemy import ColumnElement, Select, and_, delete, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.identity import passkeys, totp
from fundapp.identity.credentials import read_code, read_digits, token_hash
from fundapp.identity.drafts import FactorAdded, FactorAnswer
from fundapp.identity.encryption import decrypt_secret, encrypt_secret
from fundapp.identity.errors import (
    LastFactorError,
    NoSetUpError,
    WrongCodeError,
    WrongPasskeyError,
)
from fundapp.identity.locking import lock_user
from fundapp.identity.models import Passkey, RecoveryCode, TotpSecret, User
from fundapp.identity.policy import may_hold_factor
from fundapp.identity.queries import find_factors
from fundapp.identity.steps import make_recovery_codes, record_user_event, renew_session
from fundapp.ids import LARGEST_ID, new_id


def begin_totp(*, actor: Actor) -> TotpSecret:
    """Make the secret of an authenticator app, which proves nothing until `confirm_totp`.

    One that was made before and not confirmed is gone; one in use stays. Raises ForbiddenError.
    """
    require(may_hold_factor(actor))
    user = lock_user(actor.ref)
    _forget_app(user, is_confirmed=False)
    row_id = new_id()
    row = TotpSecret(
        id=row_id,
        user_id=user.id,
        secret_encrypted=encrypt_secret(row_id, totp.new_secret()),
        created_at=clock.now(),
        last_step=0,
    )
    db.session.add(row)
    db.session.flush()
    return row


def confirm_totp(*, code: str, session_id: int, actor: Actor) -> FactorAdded:
    """Let an app prove who the actor is, after it showed the right code; it takes the place of the
    app there was. The code counts as a proof in the session.

    Raises ForbiddenError, NoSetUpError, WrongCodeError, NotFoundError for an ended session.
    """
    require(may_hold_factor(actor))
    user = lock_user(actor.ref)
    row = lock(_app_of(user, is_confirmed=False))
    if row is None:
        raise NoSetUpError(field="code")
    now = clock.now()
    step = totp.matching_step(decrypt_secret(row), read_digits(code), now, after=row.last_step)
    if step is None:
        raise WrongCodeError(field="code")
    _forget_app(user, is_confirmed=True)
    row.confirmed_at, row.last_step = now, step
    return _added("identity:factor:add-app", user, session_id, actor)


def add_passkey(*, name: str, answer: FactorAnswer, session_id: int, actor: Actor) -> FactorAdded:
    """Store the passkey that the actor's browser made for this session.

    It counts as a proof in the session. Raises ForbiddenError, WrongPasskeyError, NotFoundError
    for an ended session.
    """
    require(may_hold_factor(actor))
    user = lock_user(actor.ref)
    made = passkeys.read_new_passkey(answer.passkey, answer.context)
    if made is None or _passkey(made.credential_id) is not None:
        raise WrongPasskeyError
    db.session.add(
        Passkey(
            user_id=user.id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            name=name,
            created_at=clock.now(),
        )
    )
    return _added("identity:factor:add-passkey", user, session_id, actor)


def prove_factor(*, answer: FactorAnswer, session_id: int, actor: Actor) -> str | None:
    """Check the actor's second factor; returns the session's new token, or None when it is wrong
    or was used before.

    Raises ForbiddenError, NotFoundError for an ended session.
    """
    require(may_hold_factor(actor))
    user = lock_user(actor.ref)
    if not _is_right(answer, user, actor):
        return None
    return renew_session(session_id, actor)


def prove_code(code: str, *, actor: Actor) -> bool:
    """Check a typed code of the actor's second factor, where a command asks for it; it is used
    once. Raises ForbiddenError.
    """
    require(may_hold_factor(actor))
    user = lock_user(actor.ref)
    return _is_right_code(code, user, actor)


def remove_app(*, actor: Actor) -> User:
    """Remove the actor's authenticator app.

    Raises ForbiddenError, NotFoundError, LastFactorError.
    """
    require(may_hold_factor(actor))
    user = lock_user(actor.ref)
    if lock(_app_of(user, is_confirmed=True)) is None:
        raise NotFoundError
    _require_another(user)
    _forget_app(user, is_confirmed=True)
    record_user_event("identity:factor:remove-app", user, actor)
    return user


def remove_passkey(passkey_id: int, *, actor: Actor) -> User:
    """Remove one of the actor's passkeys. Raises ForbiddenError, NotFoundError, LastFactorError."""
    require(may_hold_factor(actor))
    user = lock_user(actor.ref)
    if passkey_id > LARGEST_ID:
        raise NotFoundError
    passkey = lock(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id))
    if passkey is None:
        raise NotFoundError
    _require_another(user)
    db.session.delete(passkey)
    record_user_event("identity:factor:remove-passkey", user, actor)
    return user


def renew_recovery_codes(*, actor: Actor) -> tuple[str, ...]:
    """Ten new recovery codes; the old ones open nothing any more. Raises ForbiddenError."""
    require(may_hold_factor(actor))
    user = lock_user(actor.ref)
    codes = make_recovery_codes(user)
    record_user_event("identity:factor:renew-recovery-codes", user, actor)
    return codes


def record_refused_factor(*, note: str, actor: Actor) -> None:
    """Write to the trail that a second factor was missing, too old or wrong; ``note`` says which,
    and for which page. Raises ForbiddenError.
    """
    require(may_hold_factor(actor))
    user = db.session.get_one(User, actor.person_id)
    record_user_event("identity:factor:refuse", user, actor, note=note)


def _added(action: str, user: User, session_id: int, actor: Actor) -> FactorAdded:
    """What follows alike from every factor that was added."""
    record_user_event(action, user, actor)
    has_codes = select(RecoveryCode.id).where(RecoveryCode.user_id == user.id).limit(1)
    is_first = db.session.scalar(has_codes) is None
    codes = make_recovery_codes(user) if is_first else ()
    return FactorAdded(renew_session(session_id, actor), codes)


def _is_right(answer: FactorAnswer, user: User, actor: Actor) -> bool:
    if answer.passkey:
        return _prove_passkey(answer, user)
    return _is_right_code(answer.code, user, actor)


def _is_right_code(code: str, user: User, actor: Actor) -> bool:
    digits = read_digits(code)
    if totp.is_code(digits):
        return _prove_app(digits, user)
    return _use_recovery_code(read_code(code), user, actor)


def _prove_app(code: str, user: User) -> bool:
    row = lock(_app_of(user, is_confirmed=True))
    if row is None:
        return False
    step = totp.matching_step(decrypt_secret(row), code, clock.now(), after=row.last_step)
    if step is None:
        return False
    row.last_step = step
    return True


def _prove_passkey(answer: FactorAnswer, user: User) -> bool:
    credential = passkeys.credential_of(answer.passkey)
    passkey = None if credential is None else _passkey(credential)
    if passkey is None or passkey.user_id != user.id:
        return False
    count = passkeys.proven_count(answer.passkey, passkey, answer.context)
    if count is None:
        return False
    passkey.sign_count, passkey.last_used_at = count, clock.now()
    return True


def _use_recovery_code(code: str, user: User, actor: Actor) -> bool:
    row = lock(
        select(RecoveryCode).where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_sha256 == token_hash(code),
            RecoveryCode.used_at.is_(None),
        )
    )
    if row is None:
        return False
    row.used_at = clock.now()
    record_user_event("identity:factor:use-recovery-code", user, actor)
    return True


def _passkey(credential_id: bytes) -> Passkey | None:
    return lock(select(Passkey).where(Passkey.credential_id == credential_id))


def _app_of(user: User, *, is_confirmed: bool) -> Select[TotpSecret]:
    return select(TotpSecret).where(_is_app_of(user, is_confirmed=is_confirmed))


def _forget_app(user: User, *, is_confirmed: bool) -> None:
    db.session.execute(delete(TotpSecret).where(_is_app_of(user, is_confirmed=is_confirmed)))


def _is_app_of(user: User, *, is_confirmed: bool) -> ColumnElement[bool]:
    at = TotpSecret.confirmed_at
    state = at.is_not(None) if is_confirmed else at.is_(None)
    return and_(TotpSecret.user_id == user.id, state)


def _require_another(user: User) -> None:
    if find_factors(user.id).count < 2:
        raise LastFactorError
