"""A parent withdraws the consent after help was approved: who still works on the payment finishes
it, everybody else sees nothing more, and what is left is erased at the end.
"""

import re

from tests.factories.disbursements import make_approved, make_request, make_team, signed_paper
from tests.factories.identity import make_user
from tests.journeys.browsing import File

PAYEE, ACCOUNT, REASON = "Aminah Invented", "1234567890", "Shoes and books"


def test_a_consent_is_withdrawn_while_help_is_under_way(fund_app, session, browser, runner):
    team = make_team()
    waiting, approved = make_request(team), make_approved(team)
    people = {
        name: browser()
        for name in ("manager", "approver", "payer", "auditor", "administrator", "supervisor")
    }
    administrator = make_user("administrator")
    users = (
        team.asker, team.approver, team.payer, team.auditor, administrator, team.prover
    )  # fmt: skip
    for person, user in zip(people.values(), users, strict=True):
        person.sign_in(user.email)
    url, waiting_url = (f"/disbursements/{each.public_id}" for each in (approved, waiting))
    name_of_child = withdrawn(people["manager"], f"/children/{team.child.public_id}")

    approver = people["approver"]
    approver.open("/today").says("Requests in work whose consent has ended 2")
    page = approver.open(waiting_url)
    page.says("A consent has ended", "It cannot be approved")
    page.hides(REASON, PAYEE, name_of_child)
    approver.send(page, "/approve").says("Nothing was changed", "no valid consent")
    page = approver.open(waiting_url)
    refused = approver.send(page, "/reject", reason=f"The mother, {PAYEE}, moved away")
    refused.says(f"“{PAYEE}” names a child, a guardian or the payee")
    page = approver.send(page, "/reject", reason="The family moved away", code="rules")
    page.says("Rejected.")

    people["auditor"].open(url).hides(REASON, PAYEE, ACCOUNT[-4:])
    payer = people["payer"]
    page = payer.open(url)
    page.says(PAYEE, ACCOUNT, "The payment is promised", "The payment is stopped")
    assert not page.offers("/pay")
    stopped = approver.open(url)
    stopped.says("A consent was withdrawn or has run out", "lets the payment go on")
    words = {"release-reason": "It was promised before"}
    approver.send(stopped, "/release", words).says("The payment can go on.")
    page = payer.open(url)
    page.hides(REASON)
    payer.send(page, "/pay", paid_from="1121", bank_reference="KTB-7").says("Paid")
    payer.open(url).hides(PAYEE, ACCOUNT)

    manager, prover = people["manager"], people["supervisor"]
    manager.open(url).hides(PAYEE)
    page = prover.open(url)
    page.says(PAYEE, "whoever files the proof of receipt still sees the payee")
    paper = File(signed_paper(), "paper.jpg")
    page = prover.send(
        page, "/prove", outcome="received", confirmed_by="A neighbour", document=paper
    )
    page.says("The proof of receipt is filed.")
    page.hides(PAYEE, "A neighbour")
    manager.open(f"/children/{team.child.public_id}").says("finishing a payment promised before")

    administrator = people["administrator"]
    page = administrator.open("/remarks")
    page = administrator.send(page, "/remarks", number=approved.number)
    page.says("Erase these words?", "Why help was asked for", "because the money was paid")
    page = administrator.send(page, f"/remarks/{approved.number}", why="withdrawn")
    page.says("The words are erased.", approved.number)
    manager.open(url).says("Words erased", "The consent was withdrawn")
    done = runner.invoke(args=["audit", "check"])
    assert done.exit_code == 0, done.output
    mails = administrator.open("/outbox")
    assert len(re.findall("A consent was withdrawn|ถอนความยินยอม", mails.text)) == 3
    mails.hides(PAYEE, REASON, name_of_child)


def withdrawn(manager, url):
    """The name of the child, whose consent to keep the file is withdrawn by its form."""
    page = manager.open(url)
    name = re.search(r"Given name (\S+)", page.text)[1]
    first = next(form.action for form in page.forms if form.action.endswith("/withdraw"))
    page = manager.send(page, first)
    page.says("The consent was withdrawn.", "Identity hidden")
    page.hides(name)
    return name
