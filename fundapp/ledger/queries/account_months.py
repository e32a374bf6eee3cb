"""Views of the database that queries read as tables."""

from sqlalchemy import Text, column, table

from fundapp.db import BigInt, Day

#: The monthly balance rows together with what is waiting to be folded into them
#: (``sql/*/account_months.sql``).
ACCOUNT_MONTHS = table(
    "account_months",
    column("fund_code", Text),
    column("account_code", Text),
    column("month_on", Day),
    column("debit_satang", BigInt),
    column("credit_satang", BigInt),
)
