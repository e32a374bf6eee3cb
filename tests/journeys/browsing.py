"""A browser without JavaScript, as a person uses one: reads pages, fills the forms it finds on
them.

Nothing is posted that no page offers: hidden fields, form tokens and choices come from the page.
"""

import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from fundapp import clock
from fundapp.identity.totp import code_at
from tests.factories.identity import PASSWORD, code_of


@dataclass
class File:
    """A file that a person chooses in a form."""

    data: bytes
    name: str


@dataclass
class Form:
    """A form of a page: where it goes, what it would send as it stands, and its buttons."""

    action: str
    method: str
    is_multipart: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """An answer as a person sees it; `text` is what can be read on it, spaces made one."""

    def __init__(self, url: str, status: int, html: str) -> None:
        super().__init__()
        self.url, self.status, self.html = url, status, html
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.lang = ""
        self._read: list[str] = []
        self._link: tuple[str, int] | None = None
        self._select: str | None = None
        self._text_field: tuple[str, int] | None = None
        self.feed(html)
        self.text = " ".join("".join(self._read).split())

    @property
    def main(self) -> str:
        """What can be read inside ``<main>``."""
        inner = self.html.partition("<main")[2].partition("</main>")[0]
        return Page(self.url, self.status, f"<main{inner}").text

    def says(self, *texts: str) -> bool:
        """Whether all of it can be read on the page."""
        missing = [text for text in texts if text not in self.text]
        assert not missing, f"{self.url} ({self.status}) does not say {missing}:\n{self.text}"
        return True

    def hides(self, *texts: str) -> bool:
        """Whether none of it is anywhere in the page, not even in its source."""
        shown = [text for text in texts if text in self.html or text in self.text]
        assert not shown, f"{self.url} shows {shown}"
        return True

    def form(self, action: str) -> Form:
        """The form, or the button of a form, that goes to an address with this ending."""
        for form in self._posts():
            for target in (form.action, *form.actions):
                if urlsplit(target).path.endswith(action):
                    return form
        raise AssertionError(f"{self.url} ({self.status}) offers no form to {action}:\n{self.text}")

    def offers(self, action: str) -> bool:
        """Whether there is a form, or a button of a form, to such an address."""
        targets = [target for form in self._posts() for target in (form.action, *form.actions)]
        return any(urlsplit(target).path.endswith(action) for target in targets)

    def link(self, text: str = "", to: str = "") -> str:
        """The address of the first link with this text, or to an address that matches ``to``."""
        for href, label in self.links:
            if text in label and re.search(to, href):
                return urljoin(self.url, href)
        raise AssertionError(f"{self.url} has no link {text!r} {to!r}: {self.links}")

    def value(self, name: str) -> Any:
        """What stands in the field of this name."""
        return next(form.values[name] for form in self.forms if name in form.values)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links, forms and fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = given.get("lang", "")
        elif tag == "a" and "href" in given:
            self._link = (given["href"], len(self._read))
        elif tag == "form":
            method = given.get("method", "get").lower()
            encoded = given.get("enctype") == "multipart/form-data"
            self.forms.append(Form(given.get("action") or self.url, method, encoded))
        elif tag in ("input", "select", "textarea", "option", "button") and self.forms:
            self._field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Note what a link or a text field holds."""
        if tag == "a" and self._link:
            href, start = self._link
            self.links.append((href, " ".join("".join(self._read[start:]).split())))
            self._link = None
        elif tag == "textarea" and self._text_field:
            name, start = self._text_field
            self.forms[-1].values[name] = "".join(self._read[start:]).lstrip("\r\n")
            self._text_field = None
        elif tag == "select":
            self._select = None
        self._read.append(" ")

    def handle_data(self, data: str) -> None:
        """Note what can be read."""
        self._read.append(data)

    def _posts(self) -> list[Form]:
        return [form for form in self.forms if form.method == "post"]

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name, kind = self.forms[-1], given.get("name", ""), given.get("type", "text")
        form.names.add(name)
        if tag == "button":
            form.buttons.append((name, given.get("value", "")))
            form.actions.extend([given["formaction"]] if "formaction" in given else [])
        elif tag == "select":
            self._select = name
        elif tag == "option":
            if self._select and ("selected" in given or self._select not in form.values):
                form.values[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._text_field = (name, len(self._read))
        elif kind in ("checkbox", "radio"):
            if "checked" in given:
                form.values[name] = given.get("value", "on")
        elif kind not in ("submit", "file", "image"):
            form.values[name] = given.get("value", "")


class Browser:
    """Somebody's browser: keeps cookies, follows redirects."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client = app.test_client()
        self.client.set_cookie("lang", language)

    def open(self, url: str) -> Page:
        """The page at an address, after redirects."""
        return self._follow(url, self.client.get(url))

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        """Sign in with the form, and with the code of an app where one is asked for."""
        page = self.send(self.open("/sign-in"), "/sign-in", email=email, password=password)
        if urlsplit(page.url).path == "/sign-in/factor":
            page = self.give_code(page, email)
        assert page.url == "/today", page.text
        return page

    def give_code(self, page: Page, email: str) -> Page:
        """Give the code of the app of whoever has this address, where the page asks for one."""
        code = code_of(self.client.application, email)
        [form] = [form for form in page.forms if "factor_code" in form.names]
        answer = self.submit(page, form, {"factor_code": code})
        return self._follow(answer.request.path, answer)

    def accept_invitation(self, url: str, password: str = PASSWORD) -> Page:
        """Choose a password with an invitation and set an app up; the page of recovery codes."""
        path = urlsplit(url).path
        page = self.send(self.open(path), path, password=password, again=password)
        page = self.send(page, "/factors/app/begin")
        [secret] = re.findall(r"\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){7}\b", page.text)
        code = code_at(secret.replace("-", ""), clock.now())
        return self.send(page, "/factors/app", code=code)

    def sign_out(self, page: Page) -> Page:
        """Press the button of the workspace."""
        return self.send(page, "/sign-out")

    def send(self, page: Page, action: str, typed: Any = None, /, **more: Any) -> Page:
        """Fill in the form that goes to ``action`` and send it; the page one comes to.

        A value None empties a box. Fields that the form does not have cannot be filled in.
        """
        answer = self.post(page, action, typed, **more)
        return self._follow(answer.request.path, answer)

    def post(self, page: Page, action: str, typed: Any = None, /, **more: Any) -> Any:
        """As `send`, but the answer itself."""
        form = page.form(action)
        filled = {**(typed or {}), **more}
        unknown = set(filled) - form.names
        assert not unknown, f"{page.url} has no fields {unknown}, but {sorted(form.names)}"
        return self.submit(page, form, filled, action)

    def submit(self, page: Page, form: Form, filled: dict[str, Any], action: str = "") -> Any:
        """Send the form with these values in place of what stands in it."""
        values = {**form.values, **filled}
        values = {name: value for name, value in values.items() if name and value is not None}
        targets = [t for t in (form.action, *form.actions) if urlsplit(t).path.endswith(action)]
        url = urljoin(page.url, targets[0] if targets else form.action)
        assert form.method == "post"
        if not form.is_multipart:
            return self.client.post(url, data=values, headers={"Referer": self._here(page)})
        return self.upload(url, values, referer=self._here(page))

    def upload(self, url: str, values: dict[str, Any], referer: str = "") -> Any:
        """Send values with files; encoded here, because the client would leave a large body in a
        temporary file that nobody closes.
        """
        encoded = {
            name: FileStorage(io.BytesIO(one.data), one.name) if isinstance(one, File) else one
            for name, one in values.items()
        }
        boundary, body = encode_multipart(encoded)
        kind = f"multipart/form-data; boundary={boundary}"
        headers = {"Referer": referer} if referer else {}
        return self.client.post(url, data=body, content_type=kind, headers=headers)

    def download(self, url: str) -> tuple[str, bytes]:
        """The name and the bytes of a file."""
        answer = self.client.get(url)
        assert answer.status_code == 200, answer.status
        disposition = answer.headers.get("Content-Disposition", "")
        name = re.search(r"filename=\"?([^\";]+)", disposition)
        return PurePosixPath(name[1] if name else "").name, answer.data

    def _here(self, page: Page) -> str:
        return urljoin("http://localhost/", page.url)

    def _follow(self, url: str, answer: Any) -> Page:
        for _ in range(5):
            if answer.status_code not in (301, 302, 303):
                break
            url = urljoin(url, answer.headers["Location"])
            answer = self.client.get(url)
        return Page(url, answer.status_code, answer.get_data(as_text=True))
