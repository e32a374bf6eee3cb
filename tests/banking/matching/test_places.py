"""After an action in a list of lines the reader is where the button was."""

import re
from html import unescape

import pytest

from tests.banking.pages import text
from tests.factories.banking import Move, import_moves, make_single_pledge, move_of

_FORM = re.compile(
    r'<form class="post-button" method="post" action="([^"]+)">(.*?)</form>', re.DOTALL
)
_FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')
_BUTTON = re.compile(r'<(?:a|button) class="btn[^>]*>(.*?)</(?:a|button)>', re.DOTALL)


def make_lines(unknown=3, matched=2):
    """Lines that nobody knows, then lines of one pledge each, in the bank's order."""
    pledges = [make_single_pledge() for _ in range(matched)]
    moves = [
        Move(100 + number, "no reference", time=f"00:{number:02}") for number in range(unknown)
    ]
    moves += [move_of(one, time=f"23:{number:02}") for number, one in enumerate(pledges)]
    return import_moves(*moves)


def press_first(officer, url):
    """Press the first button of a list that matches a line; where it leads."""
    action, body = next(
        found for found in _FORM.findall(text(officer.get(url))) if found[0].endswith("/match")
    )
    fields = {name: unescape(value) for name, value in _FIELD.findall(body)}
    return officer.post(action, data=fields).headers["Location"]


def test_the_list_that_loses_the_line_goes_on_at_the_next(officer):
    lines = make_lines()
    place = press_first(officer, "/bank/lines")
    assert place == f"/bank/lines?status=unmatched#line-{lines[4].public_id}"
    assert f'id="line-{lines[4].public_id}"' in text(officer.get(place))
    last = press_first(officer, "/bank/lines")
    assert last == f"/bank/lines?status=unmatched#line-{lines[2].public_id}"


def test_the_statement_stays_on_its_page_at_the_line(officer):
    lines = make_lines(unknown=55)
    url = f"/bank/statements/{lines[0].statement.public_id}"
    place = press_first(officer, f"{url}?after=50")
    assert place == f"{url}?after=50#line-{lines[55].public_id}"
    assert f'id="line-{lines[55].public_id}"' in text(officer.get(place))


@pytest.mark.sqlite
def test_from_the_page_of_a_line_its_statement_is_shown_where_the_line_is(officer):
    lines = make_lines(unknown=55)
    place = press_first(officer, f"/bank/lines/{lines[56].public_id}")
    assert place.endswith(f"?after=56#line-{lines[56].public_id}")
    assert f'id="line-{lines[56].public_id}"' in text(officer.get(place))


@pytest.mark.sqlite
def test_each_button_of_a_list_says_of_which_line_it_is(officer):
    make_lines()
    page = text(officer.get("/bank/lines?lang=en"))
    names = [" ".join(re.sub(r"<[^>]*>", "", name).split()) for name in _BUTTON.findall(page)]
    of_lines = [name for name in names if name.startswith(("Match", "Other", "Hold"))]
    assert len(of_lines) == 12
    assert len(set(of_lines)) == len(of_lines)
    assert all(re.fullmatch(r".+: \d+ \w+ 2026, [\d,.]+, row \d+", name) for name in of_lines)


def other_way(officer, url):
    """The page to which "Other …" of the first line of a list leads."""
    return officer.get(
        unescape(re.search(r'href="(/bank/lines/[^"]+)"', text(officer.get(url)))[1])
    )


@pytest.mark.sqlite
def test_from_the_page_of_a_line_the_list_goes_on_from_which_one_came(officer):
    lines = make_lines(unknown=1, matched=3)
    officer.post(f"/bank/lines/{lines[0].public_id}/ignore", data={"reason": "Test of the bank"})
    page = text(other_way(officer, "/bank/lines"))
    assert "/bank/lines?status=unmatched" in page, "the breadcrumb"
    place = send(officer, page, "/match")
    assert place == f"/bank/lines?status=unmatched#line-{lines[2].public_id}"
    statement = f"/bank/statements/{lines[0].statement.public_id}?status=unmatched"
    place = send(officer, text(other_way(officer, statement)), "/match")
    assert place == f"{statement}#line-{lines[3].public_id}"


@pytest.mark.sqlite
def test_who_puts_a_line_aside_goes_on_in_the_list(officer):
    lines = make_lines()
    page = text(other_way(officer, "/bank/lines"))
    place = send(officer, page, "/hold", reason="Who is it?")
    assert place == f"/bank/lines?status=unmatched#line-{lines[1].public_id}"


@pytest.mark.sqlite
def test_a_search_and_a_refused_form_keep_the_list(officer):
    make_lines()
    url = unescape(re.search(r'href="(/bank/lines/[^"]+)"', text(officer.get("/bank/lines")))[1])
    page = text(officer.post(url, data={"q": "Aminah"}))
    place = send(officer, page, "/hold", reason="Who is it?")
    assert place.startswith("/bank/lines?status=unmatched#line-")
    page = text(other_way(officer, "/bank/lines"))
    refused = send(officer, page, "/hold", reason="")
    assert send(officer, text(refused), "/hold", reason="Who?").startswith("/bank/lines?status=")


def send(officer, page, ending, **typed):
    """Send the first form of a page whose address ends so; where it leads, or its refusal."""
    forms = re.findall(r'<form[^>]* action="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL)
    action, body = next(
        found for found in forms if unescape(found[0]).partition("?")[0].endswith(ending)
    )
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', body)
    fields = {name: unescape(value) for name, value in hidden}
    answer = officer.post(unescape(action), data=fields | typed)
    return answer.headers["Location"] if answer.status_code == 303 else answer
