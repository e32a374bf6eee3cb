"""Consents that have run out or run out within 30 days: the page, and who sees whose."""

import html
from datetime import timedelta

import pytest

from fundapp import clock as app_clock
from fundapp.children.errors import NotAskedError, SensitiveConsentMissingError
from fundapp.children.models import CloseReason, ConsentKind, TargetGroup
from fundapp.children.operations import (
    change_child,
    close_child,
    record_consent,
    withdraw_consent,
)
from fundapp.children.queries import count_ending_consents
from fundapp.db import unit_of_work
from tests.factories.children import (
    YAHA,
    child_facts,
    consent_draft,
    every_consent,
    file_of,
    make_child,
)
from tests.factories.identity import make_user, sign_in


def ending(manager, days, **overrides):
    """A child whose consent to keep the file ends in so many days."""
    ends_on = app_clock.today() + timedelta(days=days)
    consents = (consent_draft(expires_on=ends_on),)
    return make_child(manager, **{"consents": consents, **overrides})


def listed(client, user):
    sign_in(client, user)
    page = client.get("/children/consents?lang=en")
    assert page.status_code == 200
    return page.text


def test_it_lists_what_has_run_out_and_runs_out_within_30_days(manager, client):
    over, today, soon = ending(manager, -1), ending(manager, 0), ending(manager, 30)
    later, endless = ending(manager, 31), make_child(manager)
    page = listed(client, manager)
    assert page.index(over.code) < page.index(today.code) < page.index(soon.code)
    assert later.code not in page
    assert endless.code not in page
    assert file_of(soon, manager).given_name in page
    assert count_ending_consents(viewer=manager.as_actor(), today=app_clock.today()) == 3
    assert 'href="/children/consents?shown=ended"' in client.get("/today?lang=en").text


def test_a_newer_consent_a_withdrawal_and_a_closed_file_take_it_off(manager, client):
    renewed, withdrawn, closed = (ending(manager, 5) for _ in range(3))
    actor = manager.as_actor()
    unit_of_work(record_consent, renewed.public_id, consent_draft(), actor=actor)
    consent = withdrawn.consents[0]
    unit_of_work(withdraw_consent, withdrawn.public_id, consent.id, actor=actor)
    unit_of_work(close_child, closed.public_id, CloseReason.FINISHED, actor=actor)
    page = listed(client, manager)
    assert "No consent ends" in page
    assert count_ending_consents(viewer=actor, today=app_clock.today()) == 0


def test_each_case_manager_sees_the_own_districts(manager, client):
    child = ending(manager, 3)
    other = make_user("case_manager", (YAHA,))
    assert child.code not in listed(client, other)
    sign_in(client, make_user("approver"))
    assert client.get("/children/consents").status_code == 403


def test_pages_follow_each_other(manager, client):
    for days in range(55):
        ending(manager, days - 40)
    sign_in(client, manager)
    client.set_cookie("lang", "en")
    first = client.get("/children/consents").text
    assert first.count("<tr>") == 51
    (address,) = [part for part in first.split('"') if "after=" in part]
    assert client.get(html.unescape(address)).text.count("<tr>") == 6


@pytest.mark.sqlite
def test_a_group_that_speaks_of_health_needs_its_consent(manager):
    facts = child_facts(target_group=TargetGroup.DISABILITY)
    with pytest.raises(SensitiveConsentMissingError):
        make_child(manager, facts=facts, consents=(consent_draft(),))
    child = make_child(manager)
    with pytest.raises(SensitiveConsentMissingError):
        unit_of_work(change_child, child.public_id, facts, actor=manager.as_actor())
    allowed = make_child(manager, facts=facts, consents=every_consent())
    assert file_of(allowed, manager).target_group is TargetGroup.DISABILITY


@pytest.mark.sqlite
def test_it_is_hidden_when_that_consent_is_withdrawn(manager, client):
    child = make_child(manager, target_group=TargetGroup.DISABILITY, consents=every_consent())
    sign_in(client, manager)
    pages = [f"/children/{child.public_id}?lang=en", "/children?lang=en"]
    assert all("Child with a disability" in client.get(page).text for page in pages)
    [sensitive] = [each for each in child.consents if each.kind is ConsentKind.SENSITIVE_FACTS]
    unit_of_work(withdraw_consent, child.public_id, sensitive.id, actor=manager.as_actor())
    for page in [*pages, f"/children/{child.public_id}/edit"]:
        assert "Child with a disability</" not in client.get(page).text.partition("<option")[0]
    assert file_of(child, manager).is_shown


@pytest.mark.sqlite
def test_school_group_and_place_are_hidden_without_a_consent(manager, client):
    child = make_child(manager, school_name="Ban Canary School", subdistrict_code="950601")
    sign_in(client, manager)
    page = client.get(f"/children/{child.public_id}?lang=en").text
    assert "Ban Canary School" in page
    assert "At risk of dropping out" in page
    consent = child.consents[0]
    unit_of_work(withdraw_consent, child.public_id, consent.id, actor=manager.as_actor())
    for address in (f"/children/{child.public_id}?lang=en", "/children?lang=en"):
        page = client.get(address).text
        for hidden in ("Ban Canary", "At risk of dropping out", "Subdistrict", "Mother<"):
            assert hidden not in page.partition("Record a consent")[0]


@pytest.mark.sqlite
def test_nobody_is_asked_for_what_nothing_rests_on(manager, client):
    child = make_child(manager)
    sign_in(client, manager)
    for address in (f"/children/{child.public_id}", "/children/new"):
        assert "photograph</option>" not in client.get(f"{address}?lang=en").text
        assert "photographs are taken" not in client.get(f"{address}?lang=en").text
    draft = consent_draft(kind=ConsentKind.PHOTOGRAPH)
    with pytest.raises(NotAskedError):
        unit_of_work(record_consent, child.public_id, draft, actor=manager.as_actor())
