"""Two administrators at the same time cannot leave the fund without one."""

from threading import Barrier, Thread

from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.identity import operations
from fundapp.identity.errors import LastAdministratorError
from fundapp.identity.queries import get_user
from tests.factories.identity import make_user


def test_two_who_disable_each_other_at_once(app, session):
    for _round in range(5):
        pair = [make_user("administrator").as_actor() for _ in range(2)]
        barrier, refused = Barrier(2), []

        def work(victim, actor, barrier=barrier, refused=refused):
            with app.app_context():
                barrier.wait()
                try:
                    unit_of_work(operations.disable_user, victim.ref, actor=actor)
                except LastAdministratorError:
                    refused.append(victim)

        threads = [Thread(target=work, args=args) for args in (pair, pair[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        session.rollback()
        left = [actor for actor in pair if get_user(actor.ref).is_active]
        assert left == refused
        assert len(left) == 1
        # The remaining administrator is disabled before the next round.
        third = make_user("administrator").as_actor()
        unit_of_work(operations.disable_user, left[0].ref, actor=third)
        unit_of_work(_disable_directly, third.ref)


def test_two_who_take_the_role_from_each_other_at_once(app, session):
    both = ["administrator", "donor"]
    pair = [make_user("administrator", roles=both).as_actor() for _ in range(2)]
    barrier, refused = Barrier(2), []

    def work(victim, actor):
        with app.app_context():
            barrier.wait()
            try:
                unit_of_work(
                    operations.narrow_roles,
                    victim.ref,
                    roles={Role.DONOR: frozenset()},
                    actor=actor,
                )
            except LastAdministratorError:
                refused.append(victim)

    threads = [Thread(target=work, args=args) for args in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()
    left = [actor for actor in pair if Role.ADMINISTRATOR in get_user(actor.ref).role_set()]
    assert left == refused
    assert len(left) == 1


def _disable_directly(public_id):
    """Set the status without the operation, which refuses to disable the last administrator."""
    get_user(public_id).status = "disabled"
