"""Without a mouse: the skip link, the order of a form's fields, a visible focus."""

import pytest

#: The focused element, and whether its focus is visible: an outline or shadow of it or its card.
_FOCUS = """
() => {
  const here = document.activeElement;
  const seen = (element) => {
    const style = getComputedStyle(element);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return ring || (style.boxShadow !== "none" && style.boxShadow !== "");
  };
  const around = here.closest(".radio-card");
  const box = here.getBoundingClientRect();
  return {
    tag: here.tagName, id: here.id, name: here.name || "", type: here.type || "",
    text: here.textContent.trim().slice(0, 40), inMain: Boolean(here.closest("main")),
    seen: seen(here) || (around !== null && seen(around)),
    inWindow: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}
"""


def tab_to_button(page, most=60):
    """Press Tab until a button of the main part has the focus; every focused element."""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUS)
        stops.append(stop)
        if stop["inMain"] and stop["type"] == "submit":
            return stops
    raise AssertionError(f"no button after {most} stops: {[s['id'] or s['text'] for s in stops]}")


def names(stops):
    return list(dict.fromkeys(stop["name"] for stop in stops if stop["name"]))


def invisible(stops):
    return [stop for stop in stops if not (stop["seen"] and stop["inWindow"])]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_skip_link(visitor, width):
    page = visitor(None, "en", width=width).open("/")
    page.keyboard.press("Tab")
    first = page.evaluate(_FOCUS)
    assert first["text"] == "Skip to the content"
    assert first["seen"]
    assert first["inWindow"]
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"


@pytest.mark.parametrize("width", [360, 1280])
def test_signing_in(visitor, width, world):
    """The first field has the focus from the start."""
    page = visitor(None, "en", width=width).open("/sign-in")
    stops = [page.evaluate(_FOCUS), *tab_to_button(page)]
    assert names(stops) == ["email", "password"]
    assert invisible(stops) == []
    page.focus("#email")
    page.keyboard.type(world.people["auditor"])
    page.keyboard.press("Tab")
    page.keyboard.type("mangosteen tractor 41 lantern")
    page.keyboard.press("Enter")
    page.wait_for_url("**/today")


@pytest.mark.parametrize("width", [360, 1280])
def test_giving(visitor, width):
    """Every field in its order on the page; the closed part is opened by its summary."""
    page = visitor(None, "en", width=width).open("/give")
    stops = tab_to_button(page)
    assert invisible(stops) == []
    order = [name for name in names(stops) if name not in {"form_id", "step"}]
    assert order == ["amount", "fund", "frequency", "name", "anonymous", "email", "method"]
    page.locator("details:has(#instalments) > summary").focus()
    page.keyboard.press("Enter")
    page.focus("#amount")
    order = names(tab_to_button(page))
    assert order[order.index("frequency") :][:4] == [
        "frequency", "instalments", "amount_is", "starts_on",
    ]  # fmt: skip
    page.focus("#amount")
    page.keyboard.type("500")
    page.focus("#name")
    page.keyboard.type("Hasan Daud")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pledges/*")


@pytest.mark.parametrize("role", ["fund_officer", "case_manager"])
def test_the_workspace(visitor, role):
    """Two keys lead from the top of the page to its content; every focus is visible."""
    page = visitor(role, "en").open("/today")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
    stops = []
    for _ in range(25):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(_FOCUS))
    assert [stop for stop in stops if stop["tag"] != "BODY" and not stop["seen"]] == []


def test_the_menu_of_a_phone(visitor):
    """Enter opens it; Escape closes it and returns the focus."""
    page = visitor("auditor", "en", width=360).open("/today")
    page.focus("details.work-menu > summary")
    page.keyboard.press("Enter")
    assert page.is_visible("details.work-menu a[href='/audit/journal']")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not page.is_visible("details.work-menu a[href='/audit/journal']")
    assert page.evaluate("() => document.activeElement.tagName") == "SUMMARY"
