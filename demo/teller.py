"""Tells the story: every happening through its operation, at its instant, in one unit of work.

All or nothing: a load that is interrupted leaves the database as empty as it was.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from demo.acts import carry_out
from demo.acts.office import open_books
from demo.acts.stage import Stage
from demo.cast import SignIn, enrol
from demo.givers import THE_DONOR
from demo.story import Story
from demo.years import noon
from fundapp import clock
from fundapp.db import db
from fundapp.giving.models import Donor
from fundapp.giving.operations import connect_donor
from fundapp.identity.models import User
from fundapp.ledger.models import Fund


def is_empty() -> bool:
    """Whether nobody has begun to use the database."""
    tables = (User, Fund, Donor)
    return all(db.session.scalar(select(table).limit(1)) is None for table in tables)


def tell(story: Story, sign_ins: list[SignIn], progress: Callable[[], None]) -> Stage:
    """Carry the whole story out in the caller's unit of work; ``progress`` after each happening."""
    with clock.at(noon(story.span.first) - timedelta(hours=5)):
        stage = Stage(story, enrol(sign_ins))
        open_books(stage)
        stage.keep_what_is_looked_up()
    for happening in story.happenings:
        with clock.at(happening.at):
            carry_out(stage, happening)
        progress()
    users = stage.cast.users
    connect_donor(
        stage.donors[THE_DONOR].public_id,
        email=users["donor"].email,
        actor=users["officer"].as_actor(),
    )
    return stage
