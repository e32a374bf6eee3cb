"""Loading a demo of some size, from the empty database to the files to practise with."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from demo.acts.stage import Stage
from demo.bulk import close_months, write_bulk
from demo.cast import SignIn, make_sign_ins
from demo.folder import keep_sign_ins, statements_folder
from demo.handouts import make_handouts, write_handouts
from demo.happenings import MonthCloses
from demo.older_books import Bulk, plan_bulk
from demo.sizes import Size
from demo.story import Story, write_story
from demo.teller import tell
from fundapp import clock
from fundapp.db import unit_of_work
from fundapp.places.queries import list_subdistricts


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be loaded."""

    story: Story
    bulk: Bulk
    closings: list[MonthCloses]


def plan_load(size: Size) -> Plan:
    """The story of today, and what a larger size adds to it."""
    places: dict[str, list[str]] = {}
    for place in list_subdistricts():
        places.setdefault(place.district_code, []).append(place.code)
    story = write_story(clock.today(), size, places)
    bulk = plan_bulk(story.span, size)
    if not bulk.entries:
        return Plan(story, bulk, [])
    # Older books are taken over before months are closed.
    closings = [one for one in story.happenings if isinstance(one, MonthCloses)]
    told = [one for one in story.happenings if not isinstance(one, MonthCloses)]
    return Plan(replace(story, happenings=told, taken_over=bulk.banked), bulk, closings)


def load_story(plan: Plan, progress: Callable[[], None]) -> None:
    """Tell the story in one unit of work, then leave the sign-ins and the files."""
    sign_ins = make_sign_ins()
    files = unit_of_work(_tell, plan.story, sign_ins, progress)
    keep_sign_ins(sign_ins)
    write_handouts(files, statements_folder())


def load_bulk(plan: Plan, progress: Callable[[int], None]) -> None:
    """Take over the further books in batches, each a unit of work; then close the months."""
    write_bulk(plan.bulk, progress)
    unit_of_work(close_months, [one.month_on for one in plan.closings])


def _tell(story: Story, sign_ins: list[SignIn], progress: Callable[[], None]) -> dict[str, bytes]:
    stage: Stage = tell(story, sign_ins, progress)
    return make_handouts(stage)
