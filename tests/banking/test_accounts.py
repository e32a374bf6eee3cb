"""Adding bank accounts of the fund."""

import pytest

from fundapp.banking.errors import BankAccountRefusedError
from fundapp.banking.models import BankAccount
from fundapp.db import db
from fundapp.trail.models import AuditEvent
from tests.factories.actors import COMMAND_LINE
from tests.factories.banking import make_bank_account


def test_a_bank_account_and_its_trail(bank):
    make_bank_account("KTB-ZAKAT", account_code="1122")
    assert db.session.get(BankAccount, "KTB-ZAKAT").account_digits == "9876543210"
    (event,) = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.subject_ref == "KTB-ZAKAT")
    )
    assert (event.action, event.actor) == ("banking:account:open", COMMAND_LINE.ref)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "small"}, "code"),
        ({"code": "KTB-MAIN"}, "code"),
        ({"name": " "}, "name"),
        ({"bank_code": "6"}, "bank"),
        ({"account_number": "12ab"}, "number"),
        ({"account_code": "4110"}, "account_code"),
        ({"account_code": "9999"}, "account_code"),
        ({"account_code": "1121"}, "code"),
    ],
)
def test_bank_accounts_that_do_not_fit(bank, change, field):
    values = {"code": "NEW", "account_code": "1122", **change}
    with pytest.raises(BankAccountRefusedError) as refused:
        make_bank_account(values.pop("code"), **values)
    assert refused.value.field == field
