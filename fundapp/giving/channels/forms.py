"""Forms of how a donor is written to."""

from wtforms import HiddenField

from fundapp.mail.models import Channel
from fundapp.web.forms import BaseForm, EmailField
from fundapp.web.lazy import lazy as _l


class ChannelForm(BaseForm):
    """A button that chooses a way."""

    channel = HiddenField("")

    def chosen(self) -> Channel:
        """The way; e-mail for what cannot be read."""
        return Channel.LINE if self.channel.data == Channel.LINE.value else Channel.EMAIL


class EmailForm(BaseForm):
    """A donor's new address."""

    email = EmailField(_l("E-mail address"), required=_l("Enter the e-mail address."))
