"""Names for people of what entries come from, and of what the trail says was done by whom."""

from flask_babel import gettext

from fundapp.markers import N_
from fundapp.remarks.filters import code_text
from fundapp.remarks.models import ErasureReason
from fundapp.web.lazy import lazy as _l

#: Things that entries come from, as `journal_entries.source_type` names them.
SOURCES: dict[str, str] = {
    "payment": _l("Payment"),
    "disbursement_request": _l("Request for help"),
    "statement_line": _l("Line of a statement"),
    "deposit_slip": _l("Deposit slip"),
    "own_transfer": _l("Transfer between own accounts"),
}


#: Pages of the books, as the trail names them.
VIEWS: dict[str, str] = {
    "journal": N_("Journal"),
    "trial_balance": N_("Trial balance"),
    "accounts": N_("Accounts"),
    "funds": N_("Funds"),
    "activities": N_("Activities"),
    "checks": N_("Checks"),
    "export_list": N_("Exports"),
    "trail": N_("Trail"),
}


#: What the trail says was done, in words.
EVENTS: dict[str, str] = {
    "audit:checks:order": _l("Run of the checks asked for"),
    "audit:journal:read": _l("Page of the books read"),
    "backup:backup:create": _l("Backup made"),
    "backup:backup:restore": _l("Backup restored"),
    "banking:account:open": _l("Bank account opened"),
    "banking:account:change": _l("Bank account changed"),
    "banking:account:freeze": _l("Bank account frozen"),
    "banking:account:release": _l("Frozen bank account released"),
    "banking:line:erase-words": _l("Bank's text of a line erased"),
    "banking:line:hold": _l("Line put on hold"),
    "banking:line:ignore": _l("Line ignored"),
    "banking:line:match": _l("Line matched"),
    "banking:line:release": _l("Line taken from hold"),
    "banking:line:unmatch": _l("Match undone"),
    "banking:profile:save": _l("Style of statement files saved"),
    "banking:statement:import": _l("Bank statement imported"),
    "banking:statement:undo": _l("Import of a statement taken back"),
    "banking:transfer:record": _l("Transfer between own accounts recorded"),
    "children:child:change": _l("Child's file changed"),
    "children:child:close": _l("Child's file closed"),
    "children:child:erase-words": _l("Earlier words of a child's file erased"),
    "children:child:look-up": _l("Child looked up by number or code"),
    "children:child:register": _l("Child registered"),
    "children:consent:paper": _l("Paper of a consent opened"),
    "children:consent:record": _l("Consent recorded"),
    "children:consent:withdraw": _l("Consent withdrawn"),
    "children:duplicate:decide": _l("Possible duplicate decided"),
    "children:duplicate:find": _l("Possible duplicate registered"),
    "children:reads:read": _l("List of reads opened"),
    "disbursements:request:submit": _l("Sent in"),
    "disbursements:request:resubmit": _l("Sent in again"),
    "disbursements:request:approve": _l("Approved"),
    "disbursements:request:return": _l("Returned for changes"),
    "disbursements:request:reject": _l("Rejected"),
    "disbursements:request:cancel": _l("Cancelled"),
    "disbursements:request:pay": _l("Paid out"),
    "disbursements:request:prove": _l("Proof of receipt filed"),
    "disbursements:request:erase-words": _l("Words of a request erased"),
    "disbursements:proof:open": _l("Signed proof of receipt opened"),
    "disbursements:proof:restore": _l("Lost proof of receipt sent and stored again"),
    "giving:card-payout:record": _l("Payout of the card processor recorded"),
    "giving:card:keep": _l("Card kept for a pledge"),
    "giving:card:refuse": _l("Card refused for a pledge"),
    "giving:card:stop": _l("Card charged no more"),
    "giving:checkout:begin": _l("Donor sent to the card processor"),
    "giving:donor:connect": _l("Donor connected with an account"),
    "giving:donor:merge": _l("Donor merged into another"),
    "giving:donor:part": _l("Merge of a donor undone"),
    "giving:donor:register": _l("Donor registered"),
    "giving:donor:resume-reminders": _l("Reminders wanted again"),
    "giving:donor:stop-reminders": _l("Reminders stopped by the donor"),
    "giving:payment:receive": _l("Payment recorded"),
    "giving:payment:reverse": _l("Payment reversed"),
    "giving:payment:return": _l("Payment returned by the bank"),
    "giving:pledge:cancel": _l("Pledge cancelled"),
    "giving:pledge:change": _l("Pledge changed"),
    "giving:pledge:confirm": _l("Pledge confirmed from the mailbox"),
    "giving:pledge:extend": _l("Pledge extended"),
    "giving:pledge:make": _l("Pledge made"),
    "giving:pledge:pause": _l("Pledge paused"),
    "giving:pledge:resume": _l("Pledge resumed"),
    "giving:refund:order": _l("Refund confirmed"),
    "giving:donor:tax-details": _l("Address and tax number for receipts written down"),
    "giving:e-donation:enter": _l("Gift entered in e-Donation"),
    "giving:e-donation:leave-out": _l("Gift marked as not needed in e-Donation"),
    "giving:receipt:issue": _l("Receipt issued"),
    "giving:receipt:print": _l("Receipt printed by the office"),
    "giving:receipt:replace": _l("Receipt issued in place of a void one"),
    "giving:receipt:void": _l("Receipt made void"),
    "identity:exception:end": _l("Exception for two roles ended"),
    "identity:exception:make": _l("Exception for two roles made"),
    "identity:request:refuse": _l("Attempt refused"),
    "identity:factor:add-app": _l("Added an authenticator app"),
    "identity:factor:add-passkey": _l("Added a passkey"),
    "identity:factor:refuse": _l("Was asked for the second factor, or gave a wrong one"),
    "identity:factor:remove-app": _l("Removed the authenticator app"),
    "identity:factor:remove-passkey": _l("Removed a passkey"),
    "identity:factor:renew-recovery-codes": _l("Made new recovery codes"),
    "identity:factor:use-recovery-code": _l("Used a recovery code"),
    "identity:session:begin": _l("Gave the right password"),
    "identity:session:close": _l("Signed out"),
    "identity:session:open": _l("Signed in"),
    "identity:session:refuse": _l("Sign-in refused"),
    "identity:session:revoke": _l("Session ended by its owner"),
    "identity:session:revoke-others": _l("Other sessions ended by their owner"),
    "identity:user:accept-invitation": _l("Chose a password"),
    "identity:user:change-password": _l("Password changed"),
    "identity:user:change-roles": _l("Roles changed"),
    "identity:user:create": _l("User created"),
    "identity:user:disable": _l("User disabled"),
    "identity:user:enable": _l("User enabled again"),
    "identity:user:end-sessions": _l("Sessions ended by an administrator"),
    "identity:user:invite": _l("Was invited"),
    "identity:user:invite-again": _l("Was invited again after a reset"),
    "identity:user:reset": _l("The sign-in was reset"),
    "identity:user:second-sheet": _l("The second sheet was printed"),
    "ledger:fund:accounts": _l("Accounts of a fund changed"),
    "ledger:fund:change": _l("Settings of a fund changed"),
    "ledger:fund:close": _l("Fund closed"),
    "ledger:fund:freeze": _l("Fund frozen"),
    "ledger:fund:let-go-limit": _l("Limit of what is let go set"),
    "ledger:fund:open": _l("Fund opened"),
    "ledger:fund:reopen": _l("Fund opened again"),
    "ledger:fund:tax-wording": _l("Tax wording of a fund changed"),
    "ledger:period:close": _l("Month closed"),
    "ledger:period:reopen": _l("Closed month opened again"),
    "ledger:thread:rebuild": _l("Thread of a fund made anew"),
    "mail:message:retry": _l("Mail sent again"),
    "places:list:import": _l("List of places imported"),
    "remarks:remark:erase": _l("Words erased"),
    "transparency:publication:publish": _l("Figures of a month published"),
    "proposals:proposal:confirm": _l("Proposal confirmed"),
    "proposals:proposal:expire": _l("Proposal expired"),
    "proposals:proposal:make": _l("Change proposed"),
    "proposals:proposal:refuse": _l("Proposal refused"),
    "proposals:proposal:take-over": _l("Proposal of a command taken over"),
    "proposals:proposal:withdraw": _l("Proposal withdrawn"),
}

#: Notes that are values of ours, on things of any kind.
NOTES: dict[str, str] = {value: value.label for value in ErasureReason}


def event_text(action: str) -> str:
    """What an event of the trail is called; its code where it has no name."""
    return str(EVENTS.get(action, action))


def note_text(note: str) -> str:
    """The note of an event: one of our words, a code from a list, or what it says."""
    return gettext(NOTES[note]) if note in NOTES else code_text(note)
