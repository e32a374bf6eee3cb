"""The migration that frees the address of donors, on data."""

import flask_migrate
import pytest
from sqlalchemy import text

from fundapp.db import begin_to_write, db
from tests.conftest import MIGRATIONS, dispose, make_app, settings

#: The last one in which an address was one donor.
BEFORE = "0010"
ROWS = (
    "INSERT INTO users (id, public_id, email, name, password_hash, status, created_at)"
    " VALUES (1, 'u', 'a@example.org', 'A', '', 'active', '2026-11-01T00:00:00Z')",
    "INSERT INTO funds (code, restriction, name_th, name_en, name_ms, purpose_th, purpose_en,"
    " purpose_ms, accepts_gifts, position, created_at) VALUES ('GENERAL', 'unrestricted', '', '',"
    " '', '', '', '', {true}, 0, '2026-11-01T00:00:00Z')",
    *(
        "INSERT INTO donors (id, public_id, kind, name, email, user_id, locale, created_at) VALUES"
        f" ({number}, 'd{number}', '{kind}', '{name}', {email}, {user}, 'th',"
        " '2026-11-01T00:00:00Z')"
        for number, kind, name, email, user in (
            (1, "individual", "Aminah  Sani", "'a@example.org'", 1),
            (2, "unknown", "", "NULL", "NULL"),
            (3, "unknown", "", "NULL", "NULL"),
            (4, "unknown", "", "'b@example.org'", "NULL"),
        )
    ),
    *(
        "INSERT INTO pledges (id, token, donor_id, fund_code, amount_satang, frequency,"
        " instalment_count, starts_on, method, donor_name, is_anonymous, locale, status,"
        f" created_at) VALUES ({number}, 't{number}', {number}, 'GENERAL', 500, 'once', 1,"
        " '2026-11-01', 'cash', '', {false}, 'th', 'active', '2026-11-01T00:00:00Z')"
        for number in (1, 2, 3, 4)
    ),
)


@pytest.fixture
def app(databases, tmp_path):
    """The application on a database without a table."""
    with databases.empty() as url:
        app = make_app(settings(url, tmp_path))
        with app.app_context():
            yield app
        dispose(app)


def test_donors_and_pledges_are_kept(app):
    flask_migrate.upgrade(directory=str(MIGRATIONS), revision=BEFORE)
    is_sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect() as connection, begin_to_write(connection):
        for statement in ROWS:
            words = ("0", "1") if is_sqlite else ("false", "true")
            sql = statement.replace("{false}", words[0]).replace("{true}", words[1])
            connection.exec_driver_sql(sql)
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    with db.engine.connect() as connection, connection.begin():
        donors = connection.execute(text("SELECT id, name, name_key FROM donors ORDER BY id"))
        assert [tuple(row) for row in donors] == [
            (1, "Aminah  Sani", "aminahsani"), (2, "", ""), (4, "", ""),
        ]  # fmt: skip
        pledges = "SELECT donor_id, confirmed_at IS NOT NULL FROM pledges ORDER BY id"
        assert [tuple(row) for row in connection.execute(text(pledges))] == [
            (1, True), (2, False), (2, False), (4, False),
        ]  # fmt: skip
        if is_sqlite:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
