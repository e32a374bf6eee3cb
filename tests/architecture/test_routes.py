"""Every route has a permission or is on the short list of public ones, and the list is reviewed."""

import json
import re
from pathlib import Path

import pytest

from fundapp import create_app
from fundapp.access.marks import access_of, asks_fresh_factor
from fundapp.access.permissions import FRESH_FACTOR_PERMISSIONS, Permission
from fundapp.trail.registry import list_kinds
from tests.architecture import routes
from tests.conftest import dispose, settings

pytestmark = pytest.mark.sqlite

#: Routes for programs, which send a signature instead of a form's token.
WITHOUT_FORM_TOKEN = {
    "confirmations.answer", "giving.line_webhook", "giving.stripe_webhook", "giving.stop_reminders",
}  # fmt: skip


def test_every_route_declares_who_may_use_it(app):
    silent = [
        endpoint for endpoint, route in routes.current(app).items() if not route["permission"]
    ]
    assert silent == [], "give the view @public or @requires(…)"


def test_the_stored_list_is_current(app):
    stored = json.loads(routes.STORED.read_text(encoding="utf-8"))
    assert routes.current(app) == stored, "run `make routes`, read the difference, commit it"


def test_reading_changes_nothing(app):
    """No route whose name is an action answers to GET."""
    acting = ("approve", "pay", "delete", "sign_out", "reject", "confirm", "reverse", "cancel")
    wrong = [
        endpoint
        for endpoint, route in routes.current(app).items()
        if endpoint.split(".")[-1].split(" ")[0] in acting and "GET" in route["methods"]
    ]
    assert wrong == []


#: A search only reads; it is sent as a form so that its text is in no address.
SEARCHES = {"banking.search_line", "children.find", "giving.find_donors"}


def test_who_may_only_read_changes_nothing(app):
    """A permission to read allows no route that takes a form, but for searches."""
    wrong = [
        endpoint
        for endpoint, route in routes.current(app).items()
        if "POST" in route["methods"] and route["permission"].endswith(":read")
    ]
    assert set(wrong) == SEARCHES


#: What a person takes away as a file.
EXPORTS = {
    "audit.export", "audit.letter_file", "audit.pack_file", "children.list_rows_csv",
    "children.list_rows_xlsx", "giving.e_donations_csv", "giving.e_donations_xlsx",
    "giving.import_rows_csv", "giving.import_rows_xlsx", "today.copy_donor_data",
}  # fmt: skip
#: Lists of what was done, entry by entry, which can be taken away as a file too.
LISTS_AS_FILES = {
    "audit.trail", "audit.journal", "audit.account", "audit.general_ledger", "audit.sample",
    "audit.sample_again", "children.reads", "audit.help_of_district",
    "audit.receipts_of_campaign",
}  # fmt: skip
#: Of one's own account: whoever finds a workplace unlocked changes nothing of how one signs in.
OWN_SIGN_IN = {
    "identity.change_password", "identity.begin_app", "identity.app", "identity.confirm_app",
    "identity.new_passkey", "identity.add_passkey", "identity.remove_app",
    "identity.remove_passkey", "identity.renew_recovery_codes",
}  # fmt: skip


def test_what_moves_money_or_changes_roles_asks_for_a_fresh_factor(app):
    """Every form of certain permissions carries ``@fresh_factor``, and so do exports."""
    wanted = EXPORTS | OWN_SIGN_IN
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        if "POST" in (rule.methods or ()) and access in FRESH_FACTOR_PERMISSIONS:
            wanted.add(rule.endpoint)
    marked = {endpoint for endpoint in app.view_functions if asks_fresh_factor(app, endpoint)}
    assert marked == wanted
    as_file = {
        endpoint
        for endpoint in app.view_functions
        if asks_fresh_factor(app, endpoint, as_file=True)
    }
    assert as_file - marked == LISTS_AS_FILES
    assert {"disbursements.approve", "disbursements.pay", "identity.change_roles"} <= marked


def test_the_page_of_each_thing_of_the_trail_is_found_by_its_key(app):
    arguments = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules()}
    linked = [kind for kind in list_kinds() if kind.endpoint]
    assert linked
    wrong = [kind.name for kind in linked if arguments[kind.endpoint] != {kind.argument}]
    assert wrong == []


def test_permissions_are_known(app):
    known = {"public", *map(str, Permission)}
    assert {route["permission"] for route in routes.current(app).values()} <= known


def test_the_matrix_command_names_every_route(runner):
    """Auditors are given the same list."""
    result = runner.invoke(args=["identity", "matrix", "--format", "json"])
    assert result.exit_code == 0, result.output
    missing = [
        name for name in routes.current(runner.app) if f'"{name.split()[0]}"' not in result.output
    ]
    assert missing == []


@pytest.fixture
def guarded_client(database_url, tmp_path: Path):
    """A client of an application that asks for the form token, as in service."""
    app = create_app({**settings(database_url, tmp_path), "WTF_CSRF_ENABLED": True})
    yield app.test_client()
    dispose(app)


def test_every_form_asks_for_its_token(guarded_client):
    """A post from another site is refused before anything else happens."""
    app = guarded_client.application
    answers = {
        rule.endpoint: guarded_client.post(re.sub(r"<[^>]+>", "1", rule.rule)).status_code
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint not in WITHOUT_FORM_TOKEN
    }
    assert answers
    assert {endpoint: code for endpoint, code in answers.items() if code != 400} == {}
