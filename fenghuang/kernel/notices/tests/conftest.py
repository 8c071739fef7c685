"""An installation whose mail server and whose listening program run on this machine."""

from __future__ import annotations

import pytest

from fenghuang.kernel.notices.actions import add_webhook
from fenghuang.kernel.people.models import User

from .servers import free_port, listening, mail_server


@pytest.fixture
def mail_port(settings) -> int:
    """The installation's mail server is to be found there; it does not run."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.DEFAULT_FROM_EMAIL = "ledger@example.com"
    return settings.EMAIL_PORT


@pytest.fixture
def mailbox(mail_port):
    with mail_server(mail_port) as mailbox:
        yield mailbox


@pytest.fixture
def secretary(cast) -> User:
    """A member of staff who has given an e-mail address."""
    cast.secretary.email = "secretary@example.com"
    cast.secretary.save()
    return cast.secretary


@pytest.fixture
def listener(settings):
    settings.FENGHUANG_PRIVATE_WEBHOOKS = True
    with listening() as listener:
        yield listener


@pytest.fixture
def webhook(cast, listener):
    return add_webhook(cast.street, actor=cast.administrator, name="热线网关", url=listener.url)
