"""Alert channels: the ways out to people. One file each, one table, retry decided in one place.

`deliver` sends one notification; `channels` has the tables of URL schemes and of chats and pagers, of which
each is one file that says what it posts (`services` posts it); `outcomes` says which answer means what and
whether trying again helps; `message`, `text` and `card` are what is sent (docs/alerts.md).
"""

from monitor.notify.channels import CHANNELS, check_receiver_url, deliver, resolves
from monitor.notify.delivered import Delivered
from monitor.notify.outcomes import retryable
from monitor.notify.secrets import shown_url

__all__ = ["CHANNELS", "Delivered", "check_receiver_url", "deliver", "resolves", "retryable", "shown_url"]
