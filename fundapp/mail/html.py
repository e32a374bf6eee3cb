"""A message as a page of HTML, for mail programs that show one (pure)."""

import re

from markupsafe import Markup, escape

from fundapp.mail.drafts import OutgoingMessage

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_PAGE = Markup(
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title></head>'
    '<body style="margin:0;padding:24px;font:16px/1.6 sans-serif;color:#1d2b2a">'
    '<div style="max-width:560px;margin:0 auto">{text}</div></body></html>'
)


def html_of(message: OutgoingMessage) -> str:
    """The paragraphs of the body, which are parted by empty lines, with its addresses as links."""
    paragraphs = [part for part in re.split(r"\n\s*\n", message.body.strip()) if part.strip()]
    text = Markup("").join(Markup("<p>{}</p>").format(_lines(part)) for part in paragraphs)
    return str(_PAGE.format(lang=message.locale, title=message.subject, text=text))


def _lines(paragraph: str) -> Markup:
    return Markup("<br>").join(_linked(line) for line in paragraph.strip().splitlines())


def _linked(line: str) -> Markup:
    linked, end = Markup(""), 0
    for found in _ADDRESS.finditer(line):
        linked += escape(line[end : found.start()])
        linked += Markup('<a href="{0}">{0}</a>').format(found[0])
        end = found.end()
    return linked + escape(line[end:])
