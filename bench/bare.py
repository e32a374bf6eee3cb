"""What the pages are measured against: a bare Flask application that runs the same SQL.

It has no forms, templates, languages, sign-in or checks: it answers ready-made bytes after the
statements that the fund's own pages run, through SQLAlchemy Core and the same engine rules.
``BENCH_URL`` names the database.
"""

import os
from datetime import UTC, date, datetime, timedelta

from flask import Flask, redirect, request
from sqlalchemy import Connection, create_engine, event, func, insert, select

from fundapp import db as rules
from fundapp.giving.models import Donor, Instalment, Pledge
from fundapp.identity.models import User
from fundapp.ids import new_id, new_public_id
from fundapp.ledger.models import Fund, JournalEntry
from fundapp.trail.models import AuditEvent

app = Flask(__name__)
app.config["ROOM"] = "x" * int(os.environ.get("BENCH_PAGE_BYTES", "18000"))
_url = os.environ["BENCH_URL"]
engine = create_engine(_url, **rules.engine_options(_url))


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


if engine.dialect.name == "sqlite":
    event.listen(engine, "connect", rules.set_sqlite_pragmas)
    event.listen(engine, "begin", _begin)

donors, pledges, instalments = Donor.__table__, Pledge.__table__, Instalment.__table__
users = User.__table__
funds, events, entries = Fund.__table__, AuditEvent.__table__, JournalEntry.__table__


@app.get("/")
def home() -> str:
    """The public home page's one question, and as many bytes."""
    with engine.connect() as connection:
        connection.execute(select(func.max(entries.c.id))).scalar()
    return app.config["ROOM"]


@app.post("/give")
def give():
    """The statements of a pledge of three instalments by a new donor."""
    form, now = request.form, datetime.now(UTC).replace(microsecond=0)
    with engine.connect() as connection:
        connection.execute(select(funds).where(funds.c.accepts_gifts)).all()
    writing = engine.connect().execution_options(writes=True)
    with writing as connection, connection.begin():
        key, email = form["form_id"], form["email"]
        connection.execute(select(pledges.c.id).where(pledges.c.idempotency_key == key)).first()
        connection.execute(select(funds).where(funds.c.code == form["fund"])).first()
        known = donors.c.email == email, donors.c.name_key == form["name"]
        connection.execute(select(donors).where(*known)).first()
        connection.execute(select(users.c.id).where(users.c.email == email)).first()
        donor, pledge, token = new_id(), new_id(), new_public_id()
        connection.execute(
            insert(donors).values(
                id=donor,
                public_id=new_public_id(),
                kind="individual",
                name=form["name"],
                name_key=form["name"],
                email=email,
                locale="th",
                created_at=now,
            )
        )
        connection.execute(insert(events), [_event("donor", now), _event("pledge", now)])
        connection.execute(
            insert(pledges).values(
                id=pledge,
                token=token,
                donor_id=donor,
                fund_code=form["fund"],
                amount_satang=30_000,
                frequency="monthly",
                instalment_count=3,
                starts_on=now.date(),
                method="promptpay",
                donor_name=form["name"],
                is_anonymous=False,
                locale="th",
                status="active",
                idempotency_key=key,
                form_digest=key,
                created_at=now,
            )
        )
        connection.execute(
            insert(instalments), [_instalment(pledge, number, now.date()) for number in (1, 2, 3)]
        )
    return redirect(f"/pledges/{token}", 303)


def _event(subject: str, now: datetime) -> dict[str, object]:
    values = {"actor": "public", "action": f"giving:{subject}:make", "note": ""}
    return {"id": new_id(), "at": now, "subject_type": subject, "subject_ref": "x", **values}


def _instalment(pledge: int, number: int, today: date) -> dict[str, object]:
    return {
        "id": new_id(),
        "pledge_id": pledge,
        "number": number,
        "reference": new_public_id(),
        "due_on": today + timedelta(days=30 * number),
        "amount_satang": 10_000,
        "paid_satang": 0,
    }
