"""Paying by PromptPay: the code that the payer scans, and the slip of the bank."""

import io

from fundapp.db import db
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.models import DisbursementRequest, PayoutMethod
from fundapp.thai.banks import PROMPTPAY
from fundapp.thai.promptpay import parse_payload, transfer_payload
from tests.factories.disbursements import THOUSAND, make_approved, pay, signed_paper
from tests.factories.identity import make_user, sign_in


def test_the_payer_scans_a_code_with_amount_and_voucher_and_files_the_slip(team, app):
    request = make_approved(
        team,
        payout_method=PayoutMethod.PROMPTPAY,
        account=PayeeAccount(PROMPTPAY, "0812345678"),
    )
    voucher = request.approvals[-1].voucher
    client, url = app.test_client(), f"/disbursements/{request.public_id}"
    client.set_cookie("lang", "en")
    sign_in(client, team.payer)
    assert f"PromptPay code of voucher {voucher}" in client.get(url).text
    payload = transfer_payload("0812345678", amount_satang=THOUSAND, reference=voucher)
    fields = parse_payload(payload)
    assert (fields["54"], fields["62"]) == ("1000.00", {"05": voucher})
    auditor = app.test_client()
    sign_in(auditor, team.auditor)
    assert "qr" not in auditor.get(url).text.split("<main")[1].split("</main")[0]

    pay(request, team)
    db.session.expire_all()
    version = str(db.session.get_one(DisbursementRequest, request.id).version)
    assert "Choose the picture" in client.post(f"{url}/slip", data={"version": version}).text
    form = {"version": version, "slip": (io.BytesIO(signed_paper()), "slip.jpg")}
    assert client.post(f"{url}/slip", data=form).status_code == 303
    page = client.get(url).text
    address = page.split(f"{url}/slips/")[1].split('"')[0]
    assert client.get(f"{url}/slips/{address}").status_code == 200
    assert auditor.get(f"{url}/slips/{address}").status_code == 404
    other = app.test_client()
    sign_in(other, make_user("case_manager", ("9501",)))
    assert other.get(f"{url}/slips/{address}").status_code == 404
