"""The pages of the practice LINE: who is there, what they got, and what they can do."""

from html import escape

_STYLE = "body{font:16px/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}"


def whole(title, content):
    """A page."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE} pre{{white-space:pre-wrap;background:#e8f5e9;padding:.7rem}}</style>"
        f"<h1>{escape(title)}</h1>{content}</html>"
    )


def write_page(fake, text):
    """What opens where the program opens LINE: the text is ready to be sent by somebody."""
    choice = "".join(
        f'<option value="{user}">{escape(person["name"])}</option>'
        for user, person in fake.people.items()
    )
    return whole(
        "LINE for practice",
        f'<form method="post" action="/control/write"><p>To the fund: '
        f'<input name="text" value="{escape(text)}"></p>'
        f'<p>From <select name="user"><option value="">somebody new, called</option>{choice}'
        f'</select> <input name="name" value="Somchai"></p><button>Send</button></form>',
    )


def control_page(fake):
    """Everybody, with what they got."""
    people = "".join(_person(user, person) for user, person in fake.people.items())
    return whole(
        "LINE for practice",
        '<p><a href="/R/oaMessage/fund/?">Write to the fund</a></p>'
        + (people or "<p>Nobody wrote to the fund yet.</p>")
        + '<form method="post" action="/control/answer"><p>Refuse the next message with '
        '<select name="status"><option>429</option><option>500</option><option>403</option>'
        "</select> <button>Refuse</button></p></form>",
    )


def _person(user, person):
    verb = "block" if person["follows"] else "follow"
    got = "".join(f"<pre>{escape(text)}</pre>" for text in reversed(person["got"]))
    return (
        f"<h2>{escape(person['name'])}</h2>"
        f'<form method="post" action="/control/{verb}"><input type="hidden" name="user" '
        f'value="{user}"><button>{verb.capitalize()} the fund</button></form>{got}'
    )
