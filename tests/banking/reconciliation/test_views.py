"""The page of the bank reconciliation."""

import pytest

from fundapp.ledger.drafts import entry_number
from tests.banking.pages import text
from tests.factories.banking import TUESDAY, Move, import_moves
from tests.factories.books import make_gift

pytestmark = pytest.mark.sqlite


def test_the_reconciliation(officer):
    import_moves(Move(50_000, "nobody knows"))
    entry = make_gift(70_000, on=TUESDAY)
    body = text(officer.get("/bank/reconciliation?account=KTB-MAIN&day=22/11/2569"))
    assert f'href="/audit/entries/{entry_number(entry.id)}"' in body
    assert "nobody knows" in body
    assert "10,500.00" in body
    assert "The last statement ends on" in text(officer.get("/bank/reconciliation"))
    answer = officer.get("/bank/reconciliation?account=KTB-MAIN&day=31/2/2569")
    assert answer.status_code == 422
    assert 'value="31/2/2569"' in text(answer)
    assert officer.get("/bank/reconciliation?account=NO-SUCH").status_code == 422
    assert "No statement of this account" in text(
        officer.get("/bank/reconciliation?day=2020-01-01")
    )
