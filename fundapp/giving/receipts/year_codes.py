"""The code in the link of a yearly statement: whoever has it reads that one statement."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from fundapp.errors import NotFoundError
from fundapp.giving.models import Donor

_SALT = "year-statement"


def year_code(donor: Donor, year: int) -> str:
    """The code of a donor's statement of a year (B.E.), good as long as the application's key."""
    return str(_serializer().dumps([donor.public_id, year]))


def read_year_code(code: str) -> tuple[str, int]:
    """The donor's public id and the year of a code; NotFoundError for one that is not ours."""
    try:
        public_id, year = _serializer().loads(code)
    except BadSignature as error:
        raise NotFoundError from error
    return str(public_id), int(year)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=_SALT)
