"""What templates call beside their own macros."""

from werkzeug.datastructures import MultiDict

from fundapp.web.filters import with_query


def test_a_link_keeps_the_query_but_for_what_changes() -> None:
    args = MultiDict([("fund", "a"), ("fund", "b"), ("lang", "th"), ("after", "9")])
    assert with_query(args, lang="en", after=None) == "?fund=a&fund=b&lang=en"
    assert with_query({"q": "มะ & แซ"}) == "?q=%E0%B8%A1%E0%B8%B0+%26+%E0%B9%81%E0%B8%8B"
