"""What whoever proposes the two people and whoever confirms them are asked alike."""

from collections.abc import Sequence

from fundapp.concerns.errors import KeepersError
from fundapp.concerns.queries import list_possible_keepers
from fundapp.identity.models import User


def check_keepers(public_ids: Sequence[str]) -> tuple[User, User]:
    """The two people; KeepersError unless they are two and both can be named."""
    able = {person.public_id: person for person in list_possible_keepers()}
    people = [able[public_id] for public_id in dict.fromkeys(public_ids) if public_id in able]
    if len(people) != len(public_ids) or len(people) != len(("first", "second")):
        raise KeepersError(field="second")
    return people[0], people[1]
