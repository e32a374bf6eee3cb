"""The register of vendors, and proposing what changes in it."""

from flask import render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.disbursements import operations
from fundapp.disbursements.forms import VendorForm
from fundapp.disbursements.labels import vendor_rows
from fundapp.disbursements.models import Vendor, VendorVersion
from fundapp.disbursements.queries.vendors import (
    VENDOR,
    find_vendor,
    get_vendor,
    get_vendor_version,
    list_vendor_proposals,
    list_vendors,
)
from fundapp.disbursements.vendor_reader import details_of, name_of, shown_details
from fundapp.disbursements.views.blueprint import blueprint
from fundapp.places.queries import list_districts
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries import find_open_proposal, version_of_values
from fundapp.web.forms import Answer, redirect_with, submit
from fundapp.web.locale import localized


@blueprint.get("/vendors")
@requires(Permission.VENDOR_READ)
def vendors() -> str:
    """Every vendor, with the districts that it supplies."""
    viewer = current_actor()
    listed = [(each, shown_details(each.version, viewer)) for each in list_vendors()]
    return render_template(
        "disbursements/vendors.html",
        vendors=sorted(listed, key=lambda each: (each[1].ended is not None, each[1].name)),
        districts={each.code: localized(each) for each in list_districts()},
        may_propose=viewer.can(Permission.HOUSE_PROPOSE),
    )


@blueprint.get("/vendors/<public_id>")
@requires(Permission.VENDOR_READ)
def vendor(public_id: str) -> str:
    """A vendor as it is now, and what was proposed of it."""
    found = get_vendor(public_id)
    return _vendor_page(found, found.version)


@blueprint.get("/vendors/versions/<version_id>")
@requires(Permission.VENDOR_READ)
def vendor_version(version_id: str) -> str:
    """What somebody wrote of a vendor, with its numbers, for whoever confirms it or looks back."""
    version = get_vendor_version(version_id)
    return _vendor_page(find_vendor(version.vendor_ref), version)


@blueprint.get("/vendors/new")
@requires(Permission.HOUSE_PROPOSE)
def new_vendor() -> str:
    """The form of a new vendor."""
    return _form_page(VendorForm(formdata=None), None)


@blueprint.post("/vendors/new")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def propose_new_vendor() -> Answer:
    """Propose a new vendor."""
    return _propose(VendorForm(), None)


@blueprint.get("/vendors/<public_id>/change")
@requires(Permission.HOUSE_PROPOSE)
def change_vendor(public_id: str) -> str:
    """The form of a vendor, with what is so now."""
    found = get_vendor(public_id)
    details = details_of(found.version)
    names = ("name", "kind", "tax_id", "address", "phone", "account_name", "ended")
    data = {
        **{name: getattr(details, name) for name in names},
        "bank": details.account.bank_code,
        "account_number": details.account.number,
        "districts": list(details.districts),
        "version": version_of_values(VENDOR, public_id),
    }
    return _form_page(VendorForm(formdata=None, data=data), found)


@blueprint.post("/vendors/<public_id>/change")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def propose_vendor_change(public_id: str) -> Answer:
    """Propose what it is from then on."""
    return _propose(VendorForm(), get_vendor(public_id))


def _propose(form: VendorForm, found: Vendor | None) -> Answer:
    form.offer(list_districts())
    actor, seen = current_actor(), (form.version.data or "") if found else None
    return submit(
        form,
        lambda: operations.propose_vendor(form.draft(), vendor=found, seen=seen, actor=actor),
        done=_proposed_vendor,
        page=lambda: _form_page(form, found),
    )


def _proposed_vendor(proposal: Proposal) -> Answer:
    return redirect_with(
        _("Proposed. Another person, an administrator, confirms it."),
        url_for("proposals.show", public_id=proposal.public_id),
    )


def _form_page(form: VendorForm, found: Vendor | None) -> str:
    form.offer(list_districts())
    name = name_of(found.version) if found else ""
    return render_template("disbursements/vendor_form.html", form=form, vendor=found, name=name)


def _vendor_page(found: Vendor | None, version: VendorVersion) -> str:
    viewer = current_actor()
    may_read = viewer.can(Permission.PROPOSAL_READ)
    return render_template(
        "disbursements/vendor.html",
        vendor=found,
        version=version,
        name=name_of(version),
        rows=vendor_rows([version], viewer)[0],
        is_current=found is not None and found.version_id == version.id,
        proposals=list_vendor_proposals(version.vendor_ref),
        waiting=find_open_proposal(VENDOR, version.vendor_ref) if may_read else None,
        may_propose=viewer.can(Permission.HOUSE_PROPOSE),
        may_read_proposals=may_read,
    )
