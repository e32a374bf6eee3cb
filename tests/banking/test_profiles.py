"""Styles of statement files: entered, tried on a sample, changed, and used by imports."""

import io
import re
from dataclasses import replace

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from fundapp.banking.errors import ProfileRefusedError
from fundapp.banking.models import StatementLine, StatementProfile
from fundapp.banking.operations import save_profile
from fundapp.banking.statement_files.parsed import StatementRejected
from fundapp.banking.statement_files.queries import get_profile
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError, StaleError
from fundapp.trail.models import AuditEvent
from tests.banking.pages import count, text, upload
from tests.factories.actors import (
    APPROVER,
    AUDITOR,
    COMMAND_LINE,
    HOUSE,
    MANAGER,
    OFFICER,
    VISITOR,
)
from tests.factories.banking import Move, do_import, fee, statement_file
from tests.factories.identity import confirm_open_proposals
from tests.factories.profiles import KBANK, KTB

MOVES = [Move(50_000, "X1234"), fee()]
#: As `ktb`, of a bank that calls deposits otherwise.
OTHER = replace(KTB, code="other", headings={**KTB.headings, "deposit": ("เงินเข้า",)})


def fields_of(page):
    """What the form of a page would send."""
    values = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    values |= dict(re.findall(r'<input[^>]* value="([^"]*)"[^>]* name="(\w+)"', page))
    for name, options in re.findall(
        r'<select[^>]* name="(\w+)".*?>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        values[name] = chosen.group(1) if chosen else ""
    return values


def sample(data):
    return FileStorage(io.BytesIO(data), "sample.csv")


def other_file():
    """A statement in the style `OTHER`."""
    return statement_file(MOVES).decode("utf-8-sig").replace("ฝากเงิน", "เงินเข้า").encode()


def form_of(client, code="ktb"):
    return fields_of(text(client.get(f"/bank/profiles/{code}/edit")))


def profile_row(code):
    db.session.expire_all()
    return db.session.get(StatementProfile, code)


@pytest.mark.parametrize("profile", [KTB, KBANK], ids=lambda profile: profile.code)
def test_every_installation_has_the_two_known_styles(bank, profile):
    assert get_profile(profile.code) == profile


@pytest.mark.sqlite
def test_an_officer_tries_a_sample_and_saves_what_reads_it(officer):
    values = form_of(officer)
    refused = officer.post(
        "/bank/profiles/ktb/edit", data={**values, "preview": "1", "file": sample(other_file())}
    )
    assert refused.status_code == 422
    assert "These headings are missing: ฝากเงิน." in text(refused)
    values["deposit_headings"] = "ฝากเงิน | เงินเข้า"
    tried = officer.post(
        "/bank/profiles/ktb/edit", data={**values, "preview": "1", "file": sample(other_file())}
    )
    assert tried.status_code == 200
    page = text(tried)
    assert "9876543210" in page
    assert "10,475.00" in page
    assert 'value="ฝากเงิน | เงินเข้า"' in page
    assert profile_row("ktb").version == 1
    saved = officer.post("/bank/profiles/ktb/edit", data=fields_of(page))
    assert saved.status_code == 303
    assert profile_row("ktb").version == 1, "one person alone changed it"
    confirm_open_proposals()
    assert profile_row("ktb").deposit_headings == "ฝากเงิน | เงินเข้า"
    assert upload(officer, other_file()).status_code == 303
    assert count(StatementLine) == 2


@pytest.mark.sqlite
def test_the_trail_says_who_changed_what(officer):
    values = form_of(officer) | {"deposit_headings": "เงินเข้า"}
    officer.post("/bank/profiles/ktb/edit", data=values)
    confirm_open_proposals()
    query = db.select(AuditEvent).where(AuditEvent.action == "banking:profile:save")
    event = db.session.scalars(query).one()
    assert (event.subject_type, event.subject_ref) == ("statement_profile", "ktb")
    assert event.changes == {"deposit_headings": ["ฝากเงิน", "เงินเข้า"]}


@pytest.mark.sqlite
def test_a_new_style_is_offered_to_imports_and_commands(officer, runner, tmp_path):
    page = text(officer.get("/bank/profiles/new?from=ktb"))
    values = fields_of(page) | {"code": "other", "title": "Other", "deposit_headings": "เงินเข้า"}
    sent = officer.post("/bank/profiles/new", data=values)
    assert sent.status_code == 303
    page = text(officer.get(f"{sent.location}?lang=en"))
    assert ("เงินเข้า" in page, "Heading of deposits" in page) == (True, True)
    confirm_open_proposals()
    assert get_profile("other") == replace(OTHER, title="Other")
    assert '<option value="other">Other</option>' in text(officer.get("/bank/statements/new"))
    file = tmp_path / "other.csv"
    file.write_bytes(other_file())
    arguments = ["bank", "import", str(file), "--account", "KTB-MAIN", "--profile", "other"]
    result = runner.invoke(args=arguments)
    assert result.exit_code == 0, result.output
    again = officer.post("/bank/profiles/new", data=values)
    assert again.status_code == 422
    assert "Another style has this code already." in text(again)


def test_two_officers_change_one_style(officer):
    first, second = form_of(officer), form_of(officer)
    first["title"], second["title"] = "First", "Second"
    assert officer.post("/bank/profiles/ktb/edit", data=first).status_code == 303
    waiting = officer.post("/bank/profiles/ktb/edit", data=second)
    assert waiting.status_code == 422
    assert "A change of this is proposed already." in text(waiting)
    assert "A change of this waits" in text(officer.get("/bank/profiles/ktb/edit"))
    confirm_open_proposals()
    late = officer.post("/bank/profiles/ktb/edit", data=second)
    assert late.status_code == 409
    assert "Somebody changed this" in text(late)
    assert profile_row("ktb").title == "First"


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Enter a name by which people know the style."),
        ({"balance_headings": " | "}, "Enter the heading as the bank writes it."),
        ({"deposit_headings": ""}, "Enter the headings of withdrawals and of deposits"),
        ({"withdrawal_headings": ""}, "Enter the headings of withdrawals and of deposits"),
        ({"detail_headings": "ถอน เงิน"}, "Another column has this heading already."),
        ({"closing_words": "ยอดยกไป|ยอดยกมา"}, "has this text already."),
        ({"era": "jul"}, "Choose one of the possibilities shown."),
        ({"day_form": "MM/YYYY"}, "Choose one of the possibilities shown."),
        ({"title": "ก" * 300}, "This is too long."),
    ],
)
@pytest.mark.parametrize("button", ["save", "preview"])
def test_a_style_that_could_read_no_file_is_refused(officer, changes, sentence, button):
    values = form_of(officer) | changes
    if button == "preview":
        values |= {"preview": "1", "file": sample(statement_file(MOVES))}
    answer = officer.post("/bank/profiles/ktb/edit", data=values)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert profile_row("ktb").version == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("code", ["", "KTB", "a b", "x" * 21, "../x"])
def test_codes_are_short_and_plain(officer, code):
    values = fields_of(text(officer.get("/bank/profiles/new?from=ktb"))) | {"code": code}
    values |= {"title": "Other"}
    assert officer.post("/bank/profiles/new", data=values).status_code == 422
    assert count(StatementProfile) == 2


@pytest.mark.sqlite
def test_a_preview_needs_a_sample(officer):
    answer = officer.post("/bank/profiles/ktb/edit", data=form_of(officer) | {"preview": "1"})
    assert answer.status_code == 422
    assert "Choose a file of this bank" in text(answer)


@pytest.mark.sqlite
def test_a_long_sample_shows_its_first_and_last_lines(officer):
    moves = [Move(100 + number, f"line {number:02d}") for number in range(30)]
    values = form_of(officer) | {"preview": "1", "file": sample(statement_file(moves))}
    page = text(officer.post("/bank/profiles/ktb/edit", data=values))
    shown = [number for number in range(30) if f"line {number:02d}" in page]
    assert shown == [0, 1, 2, 3, 4, 25, 26, 27, 28, 29]


@pytest.mark.sqlite
def test_an_unknown_style_is_not_found(officer):
    assert officer.get("/bank/profiles/no-such/edit").status_code == 404
    assert officer.post("/bank/profiles/no-such/edit", data={}).status_code == 404


@pytest.mark.sqlite
def test_an_auditor_reads_the_list_only(auditor):
    page = text(auditor.get("/bank/profiles"))
    assert KTB.title in page
    assert "/bank/profiles/new" not in page
    assert auditor.get("/bank/profiles/ktb/edit").status_code == 403
    assert auditor.post("/bank/profiles/ktb/edit", data={}).status_code == 403


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "actor", [AUDITOR, APPROVER, MANAGER, OFFICER, COMMAND_LINE, VISITOR], ids=repr
)
def test_nobody_alone_saves_styles(bank, actor):
    with pytest.raises(ForbiddenError):
        unit_of_work(save_profile, OTHER, version=None, actor=actor)
    assert count(StatementProfile) == 2


def test_a_style_is_saved_once_for_each_version(bank):
    unit_of_work(save_profile, OTHER, version=None, actor=HOUSE)
    unit_of_work(save_profile, replace(OTHER, title="Second"), version=1, actor=HOUSE)
    with pytest.raises(StaleError):
        unit_of_work(save_profile, replace(OTHER, title="Third"), version=1, actor=HOUSE)
    with pytest.raises(ProfileRefusedError):
        unit_of_work(save_profile, OTHER, version=None, actor=HOUSE)
    assert get_profile("other") == replace(OTHER, title="Second")


@pytest.mark.sqlite
def test_a_file_of_another_style_is_told_which(bank):
    unit_of_work(save_profile, OTHER, version=None, actor=HOUSE)
    with pytest.raises(StatementRejected) as rejected:
        do_import(statement_file(MOVES), profile_name="kbank")
    (error,) = rejected.value.errors
    assert error.code == "other_style"
    assert error.remedy_text == f"Choose the style “{KTB.title}”."


@pytest.mark.parametrize(
    "change",
    [
        "day_headings = ''",
        "balance_headings = ''",
        "amount_headings = '', deposit_headings = ''",
        "era = 'jul'",
        "day_form = 'MM/YYYY'",
        "version = 0",
        "title = ''",
    ],
)
def test_the_table_takes_no_style_that_reads_nothing(bank, change):
    with pytest.raises(IntegrityError):
        unit_of_work(lambda: db.session.execute(sql(f"UPDATE statement_profiles SET {change}")))
