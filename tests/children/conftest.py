"""People who keep children's files, on a fixed day."""

import pytest

from fundapp.access.permissions import Role
from tests.factories.children import RAMAN
from tests.factories.identity import make_user


@pytest.fixture
def manager(build_once, clock):
    """A case manager of Raman; today is 24 November 2026."""
    return build_once("children/manager", lambda: make_user(Role.CASE_MANAGER, (RAMAN,)))
