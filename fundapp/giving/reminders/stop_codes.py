"""The code in a message by which its recipient stops reminders; it opens nothing else."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from fundapp.errors import NotFoundError
from fundapp.giving.models import Donor

_SALT = "stop-reminders"


def stop_code(donor: Donor) -> str:
    """The code of a donor, good as long as the application's secret key."""
    return str(_serializer().dumps(donor.public_id))


def donor_of(code: str) -> str:
    """The public id of the donor of a code; NotFoundError for one that is not ours."""
    try:
        return str(_serializer().loads(code))
    except BadSignature as error:
        raise NotFoundError from error


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=_SALT)
