"""Campaigns: their public pages, and the officer's."""

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import public, requires
from fundapp.access.permissions import Permission
from fundapp.giving.campaigns import operations, queries
from fundapp.giving.campaigns.forms import CampaignForm, EventForm, NewCampaignForm
from fundapp.giving.campaigns.policy import is_running, may_keep_campaigns
from fundapp.giving.campaigns.posters import page_url, poster_pdf
from fundapp.giving.queries import list_gift_funds
from fundapp.giving.views.blueprint import blueprint
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit
from fundapp.web.public_pages import public_page
from fundapp.web.qr_codes import qr_svg
from fundapp.web.remembered_pages import Draft


@blueprint.get("/campaigns")
@public
def campaigns() -> Response:
    """The campaigns that run."""
    return public_page(queries.campaigns_version, lambda: Draft(_list_page()))


@blueprint.get("/campaigns/<slug>")
@public
def campaign(slug: str) -> Response:
    """A campaign: what it is for, and how far it is."""
    queries.get_campaign(slug)  # only pages of campaigns that there are, are remembered
    return public_page(queries.campaigns_version, lambda: Draft(_public_page(slug)), about=slug)


@blueprint.get("/campaigns/<slug>/poster.pdf")
@requires(Permission.PAYMENT_READ)
def campaign_poster(slug: str) -> Response:
    """The poster to print, in the language of the page."""
    response = make_response(poster_pdf(queries.get_campaign(slug)))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="poster-{slug}.pdf"'
    return response


@blueprint.get("/fundraising")
@requires(Permission.PAYMENT_READ)
def fundraising() -> str:
    """Every campaign with what it raised."""
    return render_template(
        "giving/campaigns/fundraising.html",
        rows=queries.list_campaigns(),
        may_keep=may_keep_campaigns(current_actor()),
    )


@blueprint.get("/fundraising/new")
@requires(Permission.PAYMENT_RECORD)
def new_campaign() -> str:
    """The form to open a campaign."""
    return _new_page(NewCampaignForm(list_gift_funds()))


@blueprint.post("/fundraising/new")
@requires(Permission.PAYMENT_RECORD)
def open_campaign() -> Answer:
    """Open it."""
    form, actor = NewCampaignForm(list_gift_funds()), current_actor()
    return submit(
        form,
        lambda: (
            operations.open_campaign(form.slug.value, form.fund.data, form.draft, actor=actor).slug
        ),
        done=lambda slug: redirect_with(
            _("The campaign is open."), url_for("giving.manage_campaign", slug=slug)
        ),
        page=lambda: _new_page(form),
    )


@blueprint.get("/fundraising/<slug>")
@requires(Permission.PAYMENT_READ)
def manage_campaign(slug: str) -> str:
    """A campaign as the office sees it."""
    return _office_page(slug)


@blueprint.get("/fundraising/<slug>/edit")
@requires(Permission.PAYMENT_RECORD)
def edit_campaign(slug: str) -> str:
    """The form to change it."""
    return _edit_page(slug, CampaignForm.of(queries.get_campaign(slug)))


@blueprint.post("/fundraising/<slug>/edit")
@requires(Permission.PAYMENT_RECORD)
def change_campaign(slug: str) -> Answer:
    """Change it."""
    form, actor = CampaignForm(), current_actor()
    return submit(
        form,
        lambda: operations.change_campaign(
            slug, form.draft, version=form.version_number, actor=actor
        ),
        done=lambda _campaign: redirect_with(
            _("The campaign is changed."), url_for("giving.manage_campaign", slug=slug)
        ),
        page=lambda: _edit_page(slug, form),
    )


@blueprint.post("/fundraising/<slug>/close")
@requires(Permission.PAYMENT_RECORD)
def close_campaign(slug: str) -> Answer:
    """Close it for good."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.close_campaign(slug, actor=actor),
        done=lambda _campaign: redirect_with(
            _("The campaign is closed. Its page shows what it came to."),
            url_for("giving.manage_campaign", slug=slug),
        ),
        page=lambda: _office_page(slug, form),
    )


@blueprint.post("/fundraising/<slug>/events")
@requires(Permission.PAYMENT_RECORD)
def add_campaign_event(slug: str) -> Answer:
    """Add an event."""
    form, actor = EventForm(), current_actor()
    return submit(
        form,
        lambda: operations.add_event(
            slug,
            name=form.name.value,
            place=form.place.value,
            held_on=form.held_on.value,
            key=form.form_id.data or "",
            actor=actor,
        ),
        done=lambda _event: redirect_with(
            _("The event is added."), url_for("giving.manage_campaign", slug=slug)
        ),
        page=lambda: _office_page(slug, form),
    )


def _list_page() -> str:
    rows = queries.list_campaigns(only_open=True)
    return render_template("giving/campaigns/campaigns.html", rows=rows)


def _public_page(slug: str) -> str:
    row = queries.get_campaign_row(slug)
    return render_template(
        "giving/campaigns/campaign.html",
        row=row,
        campaign=row.campaign,
        is_running=is_running(row.campaign, clock.today()),
        today=clock.today(),
    )


def _new_page(form: NewCampaignForm) -> str:
    return render_template("giving/campaigns/new_campaign.html", form=form)


def _edit_page(slug: str, form: CampaignForm) -> str:
    campaign = queries.get_campaign(slug)
    return render_template("giving/campaigns/edit_campaign.html", form=form, campaign=campaign)


def _office_page(slug: str, sent: BaseForm | None = None) -> str:
    """The officer's page; ``sent`` is a form that was refused."""
    row = queries.get_campaign_row(slug)
    url = page_url(row.campaign)
    return render_template(
        "giving/campaigns/manage_campaign.html",
        row=row,
        campaign=row.campaign,
        url=url,
        qr=Markup(qr_svg(url, title=_("QR code of the page"))),  # noqa: S704
        money=queries.list_event_money(row.campaign),
        event_form=sent if isinstance(sent, EventForm) else EventForm(formdata=None),
        refused=sent if isinstance(sent, ButtonForm) else None,
        may_keep=may_keep_campaigns(current_actor()),
    )
