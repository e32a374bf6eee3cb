"""Money, days, instants and names as people here write them, in each language."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from flask import render_template_string
from werkzeug.datastructures import MultiDict

from fundapp.labels import LabelledEnum
from fundapp.web.filters import with_query

DAY = date(2026, 11, 24)
#: Half past midnight on the next day in Thailand.
NIGHT = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)


class Fruit(LabelledEnum):
    """With a sentence that the catalogues translate."""

    MANGO = "mango", "Go back"


@pytest.fixture
def shown(app):
    """Renders ``{{ value | filter }}`` in a language."""

    def render(value, name, language):
        with app.test_request_context(f"/?lang={language}"):
            return render_template_string("{{ value | " + name + " }}", value=value)

    return render


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("name", "value", "th", "en", "ms"),
    [
        ("day", DAY, "24 พฤศจิกายน 2569", "24 November 2026", "24 November 2026"),
        ("day_short", DAY, "24 พ.ย. 69", "24 Nov 2026", "24 Nov 2026"),
        ("moment", NIGHT, "25 พ.ย. 69 00.30 น.", "25 Nov 2026 00:30", "25 Nov 2026 00:30"),
        ("hour", "10:18", "10.18 น.", "10:18", "10:18"),
        ("hour", "10:18:05", "10.18.05 น.", "10:18:05", "10:18:05"),
        ("hour", "", "", "", ""),
        ("moment_day", NIGHT, "25 พ.ย. 69", "25 Nov 2026", "25 Nov 2026"),
        ("baht", 123_450, "1,234.50", "1,234.50", "1,234.50"),
    ],
)
def test_a_value_is_written_in_the_language(shown, name, value, th, en, ms):
    assert [shown(value, name, language) for language in ("th", "en", "ms")] == [th, en, ms]


def test_a_count_stops_at_a_thousand(shown):
    assert shown(1_000, "counted", "en") == "1,000"
    assert shown(1_001, "counted", "en") == "more than 1,000"


@pytest.mark.sqlite
def test_the_parts_of_a_name_stay_whole(shown):
    part = '<span class="name-part" lang="th">ดอนรุ่งทอง</span>'
    assert shown(" Mali  ดอนรุ่งทอง <b>", "name_parts", "en") == f"Mali {part} &lt;b&gt;"


@pytest.mark.sqlite
def test_a_label_is_translated(shown):
    assert shown(Fruit.MANGO, "label", "en") == "Go back"
    assert shown(Fruit.MANGO, "label", "th") not in ("", "Go back")


@pytest.mark.sqlite
def test_a_memo_of_ours_is_translated_and_another_is_shown_as_typed(shown):
    assert shown("Go back", "memo_text", "th") == shown(Fruit.MANGO, "label", "th")
    assert shown("ฝากเงินสด", "memo_text", "en") == "ฝากเงินสด"
    assert shown("", "memo_text", "th") == ""


@pytest.mark.sqlite
def test_a_name_falls_back_to_thai_and_then_english(shown):
    def names(**texts):
        thing = SimpleNamespace(**texts)
        return [shown(thing, "localized", language) for language in ("th", "en", "ms")]

    assert names(name_th="ก", name_en="K", name_ms="Q") == ["ก", "K", "Q"]
    assert names(name_th="ก", name_en="K", name_ms="") == ["ก", "K", "ก"]
    assert names(name_en="K") == ["K", "K", "K"]
    assert names() == ["", "", ""]


def test_a_link_keeps_the_query_but_for_what_changes():
    args = MultiDict([("fund", "a"), ("fund", "b"), ("lang", "th"), ("after", "9")])
    assert with_query(args, lang="en", after=None) == "?fund=a&fund=b&lang=en"
    assert with_query({"q": "มะ & แซ"}) == "?q=%E0%B8%A1%E0%B8%B0+%26+%E0%B9%81%E0%B8%8B"
