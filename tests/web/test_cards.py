"""Each cell of a card names its column."""

from markupsafe import Markup

from fundapp.web.cards import card_cells

HEAD = (
    '<thead><tr><th scope="col">Day</th><th scope="col" class="num">Amount\n (baht)</th>'
    '<th scope="col" class="num no-label">State</th>'
    '<th scope="col"><span class="visually-hidden">Said &amp; &quot;done&quot;</span></th>'
    "</tr></thead>"
)


def cells(rows):
    """The rows with the headings above them."""
    text = card_cells(Markup(f"{HEAD}<tbody>{rows}</tbody>"))  # noqa: S704 - ours
    assert text.startswith(HEAD)
    return text.removeprefix(f"{HEAD}<tbody>").removesuffix("</tbody>")


def test_a_cell_names_its_column():
    assert cells(
        '<tr id="a"><th scope="row">1</th><td class="num">2</td><td>3</td><td>4</td></tr>'
    ) == (
        '<tr id="a"><th scope="row">1</th><td class="num" data-label="Amount (baht)">2</td>'
        '<td>3</td><td data-label="Said &amp; &quot;done&quot;">4</td></tr>'
    )


def test_cells_behind_one_that_spans_columns():
    rows = '<tr><th colspan="3">All</th><td>1</td></tr><tr><td colspan="2">x</td><td>2</td></tr>'
    assert cells(rows) == (
        '<tr><th colspan="3">All</th><td data-label="Said &amp; &quot;done&quot;">1</td></tr>'
        '<tr><td colspan="2">x</td><td>2</td></tr>'
    )


def test_more_cells_than_headings_and_no_heading():
    assert cells("<tr><td>1</td><td></td><td></td><td></td><td>5</td></tr>").endswith(
        "<td>5</td></tr>"
    )
    assert card_cells(Markup("<tbody><tr><td>1</td></tr></tbody>")) == (
        "<tbody><tr><td>1</td></tr></tbody>"
    )
