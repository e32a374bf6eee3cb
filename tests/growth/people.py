"""Children with names as people bear them, many at once, and what their pages cost.

``python -m tests.growth.people 500 20000`` prints the CPU time of each page with so many children.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import process_time
from typing import Any

from fundapp import clock
from fundapp.access.permissions import Role
from fundapp.children.casework.models import CaseEntry, CaseKind
from fundapp.children.drafts import ChildFacts
from fundapp.children.encryption import WORDS_BLOCK, encrypt
from fundapp.children.imports.plan import PlannedChild
from fundapp.children.imports.rows import ListedChild
from fundapp.children.imports.steps import write_files
from fundapp.children.likeness import Person
from fundapp.children.models import Child, Relation, TargetGroup
from fundapp.db import Base, connection_of_work, db, unit_of_work
from fundapp.db.many_rows import write_rows
from fundapp.identity.models import User
from fundapp.ids import new_id, new_public_id
from fundapp.thai.identity_numbers import IdKind
from tests.children.alike_people import in_latin, list_of
from tests.databases import FOLDER
from tests.factories.children import MUEANG, RAMAN, YAHA
from tests.factories.identity import make_user, open_session_of
from tests.growth.book import tidy

DISTRICTS = (RAMAN, MUEANG, YAHA)
#: Children taken over at once.
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who works with the children, one of them, and the pages that are measured."""

    manager: User
    supervisor: User
    child: Child
    typed: dict[str, str]

    def pages(self) -> dict[str, Callable[[Any, Any], Any]]:
        """What a page asks of a client of the case manager, or of the supervisor, by its name."""
        file = f"/children/{self.child.public_id}"

        def found(text: str) -> Callable[[Any, Any], Any]:
            return lambda mine, _boss: mine.post("/children/find", data={"id": text})

        return {
            "list": lambda mine, _boss: mine.get("/children"),
            **{f"search, {how}": found(text) for how, text in self.typed.items()},
            "file": lambda mine, _boss: mine.get(file),
            "casework": lambda mine, _boss: mine.get(f"{file}/casework"),
            "consents that end": lambda mine, _boss: mine.get("/children/consents"),
            "help for one child": lambda mine, _boss: mine.get(
                "/disbursements/new",
                query_string={"district": self.child.district_code, "child": self.child.code},
            ),
            "what is due": lambda mine, _boss: mine.get("/children/due"),
            "Today of the case manager": lambda mine, _boss: mine.get("/today"),
            "Today of the supervisor": lambda _mine, boss: boss.get("/today"),
            "case managers": lambda _mine, boss: boss.get("/children/managers"),
            "children of nobody": lambda _mine, boss: boss.get("/children/managers/none"),
            "case load": lambda _mine, boss: boss.get("/today/case-load"),
        }


def make_crowd(count: int) -> Crowd:
    """Commit so many children in three districts, with a case manager in each and one supervisor;
    of every fourth something is due, of every fortieth a plan waits.
    """
    people, _twice = list_of(count, 0)
    managers = [make_user(Role.CASE_MANAGER, (each,)) for each in DISTRICTS]
    supervisor = make_user(Role.SUPERVISOR, DISTRICTS)
    ids: dict[int, int] = {}
    for place, manager in enumerate(managers):
        own = [n for n in people if n % len(DISTRICTS) == place]
        for start in range(0, len(own), _AT_ONCE):
            rows = [_planned(n, people[n]) for n in own[start : start + _AT_ONCE]]
            ids |= unit_of_work(write_files, rows, actor=manager.as_actor())
    unit_of_work(_write_entries, ids, managers[0])
    tidy()
    sought = people[0]
    name = f"{sought.given_name} {sought.family_name}"
    typed = {
        "as typed": name,
        "misspelt": f"{sought.given_name[:-1]} {sought.family_name}",
        "in Latin letters": f"{in_latin(sought.given_name)} {in_latin(sought.family_name)}",
        "the given name alone": sought.given_name,
    }
    child = db.session.get_one(Child, ids[0])
    return Crowd(managers[0], supervisor, child, typed)


def _planned(number: int, person: Person) -> PlannedChild:
    facts = ChildFacts(
        given_name=person.given_name,
        family_name=person.family_name,
        birth_on=person.birth.on,
        id_kind=IdKind.NONE,
        id_number="",
        target_group=TargetGroup.POOR_STUDENT,
        school_name=person.school_name,
    )
    row = ListedChild(
        number=number,
        facts=facts,
        district_code=DISTRICTS[number % len(DISTRICTS)],
        guardian_name=person.guardian_name,
        guardian_phone="",
        relation=Relation.MOTHER,
        signed_on=date(2025, 5, 1),
        is_sensitive=False,
    )
    return PlannedChild(row, b"", None)


def _write_entries(ids: dict[int, int], by: User) -> None:
    rows = [
        _entry(child_id, CaseKind.PLAN if number % 40 == 0 else CaseKind.FOLLOW_UP, number, by)
        for number, child_id in ids.items()
        if number % 4 == 0
    ]
    write_rows(connection_of_work(), Base.metadata.tables[CaseEntry.__tablename__], rows)


def _entry(child_id: int, kind: CaseKind, number: int, by: User) -> dict[str, Any]:
    row_id = new_id()
    return {
        "id": row_id,
        "public_id": new_public_id(),
        "child_id": child_id,
        "kind": kind,
        "on_day": clock.today(),
        "due_on": clock.today() + timedelta(days=number % 90),
        "is_sensitive": False,
        "words_encrypted": encrypt(CaseEntry, "words_encrypted", row_id, "{}", block=WORDS_BLOCK),
        "written_by_id": by.id,
        "written_at": clock.now(),
        "idempotency_key": f"entry {number}",
    }


@contextmanager
def opened(app: Any, count: int) -> Iterator[tuple[Crowd, Any, Any]]:
    """The children, and clients of the case manager and of the supervisor."""
    with app.app_context():
        crowd = make_crowd(count)
    clients = [app.test_client(), app.test_client()]
    for client, person in zip(clients, (crowd.manager, crowd.supervisor), strict=True):
        client.set_cookie("sid", open_session_of(app, person.email))
    yield crowd, *clients


def _milliseconds(count: int) -> dict[str, float]:
    from tests.conftest import dispose, make_app, migrate, settings

    with tempfile.TemporaryDirectory() as folder:
        os.environ[FOLDER] = folder
        url = f"sqlite:///{folder}/fund.db"
        migrate(url)
        app = make_app(settings(url, Path(folder)) | {"RATELIMIT_ENABLED": False})
        times = {}
        with opened(app, count) as (crowd, mine, boss):
            for name, page in crowd.pages().items():
                page(mine, boss)
                took = []
                for _ in range(5):
                    began = process_time()
                    answer = page(mine, boss)
                    took.append(1000 * (process_time() - began))
                    assert answer.status_code in {200, 303}, (name, answer.status_code)
                times[name] = min(took)
        dispose(app)
    return times


if __name__ == "__main__":
    counts = [int(each) for each in sys.argv[1:]]
    found = {count: _milliseconds(count) for count in counts}
    print("CPU, ms".ljust(28), *(f"{count:>9,}" for count in counts))  # noqa: T201
    for page_name in found[counts[0]]:
        row = [f"{found[count][page_name]:9.1f}" for count in counts]
        print(page_name.ljust(28), *row)  # noqa: T201
