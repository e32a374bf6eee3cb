"""The forms of campaigns and their events."""

from collections.abc import Sequence
from typing import Any

from fundapp import clock
from fundapp.giving.campaigns.drafts import CampaignDraft
from fundapp.giving.campaigns.operations import LONGEST_SLUG
from fundapp.giving.models import Campaign
from fundapp.ledger.models import Fund
from fundapp.ledger.steps import LONGEST_NAME
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    DayField,
    LongTextField,
    MoneyField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

#: So much fits on the poster.
_LONGEST_STORY = 1000
_WRITE_IT = _l("Write it in all three languages.")
_DAY_MISSING = _l("Enter a date, for example 24/11/2569.")


class CampaignForm(BaseForm):
    """What a campaign says, its goal and its days."""

    name_th = TextField(_l("Name in Thai"), longest=LONGEST_NAME, required=_WRITE_IT)
    name_en = TextField(_l("Name in English"), longest=LONGEST_NAME, required=_WRITE_IT)
    name_ms = TextField(_l("Name in Malay"), longest=LONGEST_NAME, required=_WRITE_IT)
    story_th = LongTextField(_l("Story in Thai"), longest=_LONGEST_STORY, required=_WRITE_IT)
    story_en = LongTextField(_l("Story in English"), longest=_LONGEST_STORY, required=_WRITE_IT)
    story_ms = LongTextField(_l("Story in Malay"), longest=_LONGEST_STORY, required=_WRITE_IT)
    goal = MoneyField(_l("Goal"))
    starts_on = DayField(_l("First day"), default=clock.today, required=_DAY_MISSING)
    ends_on = DayField(_l("Last day"), required=_DAY_MISSING)

    @classmethod
    def of(cls, campaign: Campaign) -> "CampaignForm":
        """The form as it is first shown for ``campaign``."""
        texts = ("name_th", "name_en", "name_ms", "story_th", "story_en", "story_ms")
        return cls(
            formdata=None,
            goal=campaign.goal_satang,
            starts_on=campaign.starts_on,
            ends_on=campaign.ends_on,
            version=str(campaign.version),
            **{name: getattr(campaign, name) for name in texts},
        )

    @property
    def draft(self) -> CampaignDraft:
        """What was typed; only after validation."""
        return CampaignDraft(
            (self.name_th.value, self.name_en.value, self.name_ms.value),
            (self.story_th.value, self.story_en.value, self.story_ms.value),
            self.goal.value,
            self.starts_on.value,
            self.ends_on.value,
        )


class NewCampaignForm(CampaignForm):
    """The same with what never changes: the address and the fund."""

    slug = TextField(
        _l("Address"),
        longest=LONGEST_SLUG,
        required=_l("Write an address, for example new-shoes-2569."),
    )
    fund: ChoiceField[Any] = ChoiceField(
        _l("Fund"), default="", required=_l("Choose the fund that its gifts go to.")
    )

    def __init__(self, funds: Sequence[Fund]) -> None:
        super().__init__()
        self.fund.choices = choices(
            {fund.code: localized(fund) for fund in funds}, blank=_l("Choose one")
        )


class EventForm(BaseForm):
    """An event of a campaign."""

    name = TextField(
        _l("Name of the event"), longest=LONGEST_NAME, required=_l("Write what the event is.")
    )
    place = TextField(_l("Place"), longest=LONGEST_NAME, required=_l("Write where it is."))
    held_on = DayField(_l("Day of the event"), default=clock.today, required=_DAY_MISSING)
