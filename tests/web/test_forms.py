"""The form kit: what each field reads, how a refusal is shown, what `submit` answers."""

import io
from datetime import date

import pytest
from flask import get_flashed_messages, redirect
from markupsafe import escape

from fundapp.errors import ForbiddenError, NotFoundError, RuleError, StaleError
from fundapp.labels import LabelledEnum
from fundapp.web.forms import (
    BaseForm,
    CheckboxesField,
    CheckboxField,
    ChoiceField,
    DayField,
    EmailField,
    LongTextField,
    MoneyField,
    NumberField,
    RadioChoiceField,
    TextField,
    UploadField,
    choices,
    clean_line,
    redirect_with,
    submit,
)

pytestmark = pytest.mark.sqlite


class Colour(LabelledEnum):
    """Something to choose."""

    RED = "red", "Red", "bad"
    GREEN = "green", "Green"


class SampleForm(BaseForm):
    """One field of each kind."""

    amount = MoneyField("Amount")
    day = DayField("Day", required="Enter the day.")
    until = DayField("Until")
    times = NumberField("Times", most=600)
    email = EmailField("E-mail")
    name = TextField("Name", longest=10, required="Enter the name.")
    other_name = TextField("Other name")
    note = LongTextField("Note")
    colour = ChoiceField("Colour", Colour, blank="Choose", required="Choose a colour.")
    second = RadioChoiceField("Second", Colour)
    agreed = CheckboxField("Agreed")
    places = CheckboxesField("Places", choices=choices({"a": "A", "b": "B"}))


RIGHT = {"amount": "๑,๐๐๐.๕๐", "day": "24/11/2569", "name": " มะลิ  ดี ", "colour": "red"}


@pytest.fixture
def send(app):
    """Fill the form in from ``RIGHT`` and what is given, and look at it inside the request."""

    def filled(look=lambda form: form.errors, **values):
        data = {**RIGHT, **values}
        with app.test_request_context("/?lang=en", method="POST", data=data):
            form = SampleForm()
            form.validate_on_submit()
            return look(form)

    return filled


def test_each_field_reads_its_value(send):
    def look(form):
        return (
            form.errors, form.amount.value, form.day.value, form.until.data, form.times.data,
            form.email.data, form.name.data, form.note.data, form.colour.value,
            form.second.member, form.agreed.data, form.places.data,
        )  # fmt: skip

    assert send(look) == (
        {}, 100_050, date(2026, 11, 24), None, None, None, "มะลิ ดี", "", Colour.RED, None, False, [],
    )  # fmt: skip
    more = {
        "until": "1/12/2026", "times": "๑๒", "email": " A@Example.ORG ", "note": " a \r\n\r\n b ",
        "second": "green", "agreed": "1", "places": ["a", "b"],
    }  # fmt: skip
    assert send(look, **more) == (
        {}, 100_050, date(2026, 11, 24), date(2026, 12, 1), 12, "a@example.org", "มะลิ ดี",
        "a\n\nb", Colour.RED, Colour.GREEN, True, ["a", "b"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("amount", "", "Enter an amount in baht, for example 500 or 1,000.50."),
        ("amount", "1e3", "Write the amount with digits only, for example 500 or 1,000.50."),
        ("day", "  ", "Enter the day."),
        ("day", "31/2/2569", None),
        ("until", "tomorrow", None),
        ("times", "0", "Choose a number from 1 to 600."),
        ("times", "601", "Choose a number from 1 to 600."),
        ("times", "9" * 5000, "Choose a number from 1 to 600."),
        ("times", "1.5", "Write a whole number with digits, for example 12."),
        ("email", "a@b", None),
        ("email", "a b@example.org", None),
        ("name", "", "Enter the name."),
        ("name", "\u202e", "Enter the name."),
        ("name", "x" * 11, "This is too long. Use at most 10 characters."),
        ("name", "a\x07b", "This holds characters that cannot be shown. Type it again."),
        ("name", "a\ue000b", "This holds characters that cannot be shown. Type it again."),
        ("note", "x" * 501, "This is too long. Use at most 500 characters."),
        ("colour", "", "Choose a colour."),
        ("colour", "blue", "Choose one of the possibilities shown."),
        ("second", "blue", "Choose one of the possibilities shown."),
        ("places", "c", "Choose one of the possibilities shown."),
    ],
)
def test_a_wrong_value_is_told_once_and_kept(send, field, typed, sentence):
    def look(form):
        return {name: list(map(str, errors)) for name, errors in form.errors.items()}, str(
            form[field]()
        )

    errors, shown = send(look, **{field: typed})
    assert list(errors) == [field]
    assert len(errors[field]) == 1
    assert sentence in (None, errors[field][0])
    if field in {"amount", "day", "until", "times", "email"}:
        assert str(escape(typed)) in shown


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [("times", "1", 1), ("times", "๖๐๐", 600), ("name", "x" * 10, "x" * 10),
     ("note", "x" * 500, "x" * 500)],
)  # fmt: skip
def test_the_last_value_allowed_is_taken(send, field, typed, value):
    assert send(lambda form: (form.errors, form[field].data), **{field: typed}) == ({}, value)


@pytest.mark.parametrize(
    ("sent", "is_ticked"),
    [("", False), ("0", False), ("false", False), ("no", False), ("off", False), ("n", False),
     ("y", True), ("on", True)],
)  # fmt: skip
def test_a_box_is_ticked_unless_a_program_says_no(send, sent, is_ticked):
    assert send(lambda form: form.agreed.data, agreed=sent) is is_ticked


def test_a_choice_may_begin_with_an_empty_option(app):
    with app.test_request_context("/?lang=en"):
        options = [str(option()) for option in SampleForm(formdata=None).colour]
    assert options[0] == '<option value="">Choose</option>'
    assert len(options) == 3


def test_a_form_that_was_not_sent_has_no_values(app):
    with app.test_request_context("/?lang=en"):
        form = SampleForm(formdata=None)
        assert (form.name.data, form.note.data) == ("", "")
        for field in (form.amount, form.colour):
            with pytest.raises(ValueError, match="not validated"):
                _ = field.value


def test_a_required_field_says_so_to_screen_readers(send):
    shown = send(lambda form: {field.name: " required" in str(field()) for field in form})
    required = {name for name, is_required in shown.items() if is_required}
    assert required == {"amount", "day", "name", "colour"}


def test_a_browser_stops_at_the_longest_text(send):
    for field, longest in (("name", 10), ("other_name", 200), ("note", 500)):
        assert f'maxlength="{longest}"' in send(lambda form, field=field: str(form[field]()))


def test_a_form_carries_an_id_of_its_own(send):
    for own in ("abc-1", "a", "x" * 64):
        assert send(lambda form: form.form_id.data, form_id=own) == own
    for wrong in ("", "x" * 65, "a\nb", "ก"):
        replaced = send(lambda form: form.form_id.data, form_id=wrong)
        assert replaced not in ("", wrong)


def test_each_opening_of_a_form_has_another_id(app):
    with app.test_request_context("/"):
        first, second = (SampleForm(formdata=None).form_id for _ in range(2))
        assert first.data != second.data
        assert f'value="{first.data}"' in first()


@pytest.mark.parametrize(
    ("sent", "number"),
    [({"version": "7"}, 7), ({"version": "x"}, 0), ({"version": ""}, 0), ({}, 0)],
)
def test_a_version_that_is_no_number_is_that_of_no_row(send, sent, number):
    assert send(lambda form: form.version_number, **sent) == number


def test_every_refusal_of_a_field_is_shown(send):
    def look(form):
        form.refuse(RuleError("First.", field="name"))
        form.refuse(RuleError("Second.", field="name"))
        return form.errors

    assert send(look) == {"name": ["First.", "Second."]}


def test_a_day_is_shown_in_the_era_of_the_language(app):
    for language, shown in (("th", "24/11/2569"), ("en", "24/11/2026")):
        with app.test_request_context(f"/?lang={language}"):
            form = SampleForm(formdata=None, data={"day": date(2026, 11, 24)})
            assert f'value="{shown}"' in form.day()


def test_a_value_that_is_known_is_shown_as_people_type_it(app):
    known = {"amount": 100_050, "times": 12, "email": "a@example.org"}
    with app.test_request_context("/?lang=en"):
        form = SampleForm(formdata=None, data=known)
        assert 'value="1,000.50"' in form.amount()
        assert 'value="12"' in form.times()
        assert 'value="a@example.org"' in form.email()


def test_labels_of_an_enumeration_are_its_choices(app):
    with app.test_request_context("/?lang=en"):
        assert [(each.value, str(each.label)) for each in choices(Colour, blank="-")] == [
            ("", "-"), ("red", "Red"), ("green", "Green"),
        ]  # fmt: skip
    assert (Colour.RED.tone, Colour.GREEN.tone) == ("bad", "neutral")
    assert Colour("red") is Colour.RED
    assert f"{Colour.RED}" == "red"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""),
        ("  มะลิ \t ดอกไม้ ", "มะลิ ดอกไม้"),
        ("e\u0301", "\u00e9"),
        ("a\u202eb\u2066c\u2069", "abc"),  # would read as another name
        ("نور\u200cا", "نور\u200cا"),  # joins letters, turns nothing
    ],
)
def test_text_is_one_composed_line_that_reads_as_it_is_stored(typed, kept):
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    ("number", "kept"),
    [(0x2029, "a b"), *((number, "ab") for number in range(0x202A, 0x202F)), (0x202F, "a b"),
     *((number, "ab") for number in range(0x2060, 0x2070)), (0x2070, None), (0x200B, "ab"),
     (0x200C, None), (0x200D, None), (0x200E, "ab"), (0x200F, "ab"), (0xFEFF, "ab"), (0xAD, "ab"),
     (0x3164, None), (0xFE0F, None)],
)  # fmt: skip
def test_only_direction_marks_and_hidden_spaces_are_taken_out(number, kept):
    typed = f"a{chr(number)}b"
    assert clean_line(typed) == (typed if kept is None else kept)


class PaperForm(BaseForm):
    """A paper that is needed, of four bytes at the most, and one that is not."""

    paper = UploadField("Paper", most_bytes=4, required="Choose the paper.")
    other = UploadField("Other", most_bytes=4)


class TestUploads:
    """What is read of a file that was sent."""

    @pytest.fixture
    def sent(self, app):
        """The form with these files, inside the request."""

        def filled(look, **files):
            data = {name: (io.BytesIO(content), file) for name, (content, file) in files.items()}
            with app.test_request_context("/?lang=en", method="POST", data=data):
                form = PaperForm()
                form.validate_on_submit()
                return look(form)

        return filled

    def test_a_file_is_read_as_often_as_it_is_asked_for(self, sent):
        def look(form):
            return form.errors, form.paper.content(), form.paper.content(), form.paper.file_name

        assert sent(look, paper=(b"1234", "a.pdf")) == ({}, b"1234", b"1234", "a.pdf")

    def test_of_a_file_too_large_one_byte_too_many_is_read(self, sent):
        assert sent(lambda form: form.paper.content(), paper=(b"123456", "a.pdf")) == b"12345"

    def test_a_file_that_is_needed_is_asked_for(self, sent):
        def look(form):
            return form.errors, form.other.content(), form.other.file_name

        assert sent(look) == ({"paper": ["Choose the paper."]}, None, "")

    def test_a_file_that_is_needed_says_so_to_screen_readers(self, sent):
        shown = sent(lambda form: (str(form.paper()), str(form.other())))
        assert [" required" in field for field in shown] == [True, False]


def test_after_something_was_done_the_next_page_says_so(app):
    with app.test_request_context("/"):
        answer = redirect_with("Saved.", "/next")
        assert (answer.status_code, answer.location) == (303, "/next")
        assert get_flashed_messages(with_categories=True) == [("success", "Saved.")]


class TestSubmit:
    """What `submit` answers, by what the work does."""

    @pytest.fixture
    def answer(self, app):
        """The answer, and the errors of the form that the page was made with."""

        def carry_out(work, values=RIGHT, **options):
            calls = []

            def follow(number):
                return redirect(f"/{number}", 303)

            def page():
                calls.append({name: list(map(str, e)) for name, e in form.errors.items()})
                return "page"

            with app.test_request_context("/?lang=en", method="POST", data=values):
                form = SampleForm()
                result = submit(
                    form,
                    work,
                    done=lambda number: redirect(f"/{number}", 303),
                    page=page,
                    **options,
                )
                return result, calls

        return carry_out

    def test_done_leads_on(self, answer):
        response, pages = answer(lambda: 7)
        assert (response.status_code, response.location, pages) == (303, "/7", [])

    def test_a_form_that_cannot_be_read_is_shown_again_and_nothing_is_done(self, answer):
        ran = []
        result, pages = answer(lambda: ran.append(1), {**RIGHT, "amount": "x"}, before=ran.clear)
        assert result == ("page", 422)
        assert list(pages[0]) == ["amount"]
        assert ran == []

    @pytest.mark.parametrize(("field", "shown"), [("name", "name"), (None, ""), ("nothing", "")])
    def test_a_refusal_is_shown_at_its_field_or_above_the_form(self, answer, field, shown):
        def work():
            raise RuleError("This cannot be done.", field=field)

        result, pages = answer(work)
        assert result == ("page", 422)
        assert pages == [{shown: ["This cannot be done."]}]

    @pytest.mark.parametrize("error", [NotFoundError, ForbiddenError, StaleError])
    def test_other_refusals_have_pages_of_their_own(self, answer, error):
        def work():
            raise error

        with pytest.raises(error):
            answer(work)

    @pytest.mark.parametrize(("error", "status"), [(ForbiddenError, 403), (StaleError, 409)])
    def test_a_view_may_show_every_refusal_itself(self, answer, error, status):
        def work():
            raise error

        assert answer(work, refused=lambda refusal: type(refusal).__name__)[0] == (
            error.__name__,
            status,
        )

    def test_unknown_things_stay_unknown(self, answer):
        def work():
            raise NotFoundError

        with pytest.raises(NotFoundError):
            answer(work, refused=lambda refusal: "shown")

    def test_what_runs_before_runs_once_and_may_refuse(self, answer):
        def before():
            raise StaleError

        with pytest.raises(StaleError):
            answer(lambda: 1, before=before)


def test_required_fields_say_so_to_browsers(send):
    marked = send(lambda form: [field.name for field in form if field.flags.required])
    assert marked == ["amount", "day", "name", "colour"]
