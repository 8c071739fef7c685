"""E-mail, through the mail server of the installation."""

from __future__ import annotations

import smtplib
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from .models import MailSender, Notice
from .undelivered import Undelivered

_REFUSED_FOR_GOOD = range(500, 600)


def is_set_up() -> bool:
    """Does the installation name a mail server?"""
    return bool(settings.EMAIL_HOST)


class Postman:
    """Carries e-mails over one connection; where none can be had, no further one is tried for."""

    def __init__(self) -> None:
        self._connection = get_connection()
        self._fault: Undelivered | None = None

    def close(self) -> None:
        self._connection.close()

    def carry(self, notice: Notice) -> None:
        """Hand the e-mail to the mail server. Undelivered if it does not take it."""
        message = letter(notice)
        self._open()
        message.connection = self._connection
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            [(code, _text)] = error.recipients.values()
            raise _refused(code) from error
        except smtplib.SMTPSenderRefused as error:
            raise Undelivered(
                _("The mail server does not let us send from this address (%(code)s).")
                % {"code": error.smtp_code}
            ) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()  # the next one gets a fresh connection
            raise Undelivered(_("The connection to the mail server broke off.")) from error

    def _open(self) -> None:
        if self._fault is not None:
            raise self._fault
        try:
            if not is_set_up():
                raise Undelivered(
                    _("No mail server is set up. Ask whoever runs the machine."),
                    is_final=True,
                )
            self._connection.open()
        except Undelivered as fault:
            self._fault = fault
        except smtplib.SMTPAuthenticationError:
            self._fault = Undelivered(_("The mail server does not accept user name and password."))
        except (smtplib.SMTPException, OSError):
            self._fault = Undelivered(
                _("The mail server cannot be reached, or offers no protection.")
            )
        if self._fault is not None:
            raise self._fault


def _refused(code: int) -> Undelivered:
    # What the server says beside the code often repeats the address.
    return Undelivered(
        _("The mail server refused the e-mail (%(code)s).") % {"code": code},
        is_final=code in _REFUSED_FOR_GOOD,
    )


def letter(notice: Notice) -> EmailMessage:
    """The e-mail as it is sent. Undelivered where there is nobody to send it to."""
    sender = MailSender.objects.filter(street=notice.street_id).first()
    name = sender.name if sender else notice.street.name
    address = (sender and sender.from_email) or settings.DEFAULT_FROM_EMAIL
    reply_to = [sender.reply_to] if sender and sender.reply_to else []
    closing = (
        _("This e-mail was written by the work ledger of %(street)s.")
        if reply_to
        else _("This e-mail was written by the work ledger of %(street)s; nobody reads answers.")
    ) % {"street": notice.street.name}
    return EmailMessage(
        subject=notice.subject,
        body=f"{notice.body}\n\n-- \n{closing}\n",
        from_email=formataddr((name, address)),
        to=[_address(notice)],
        reply_to=reply_to,
        headers={
            # The same at every try, so that a mailbox can drop what came twice.
            "Message-ID": f"<{notice.pk}@{address.rpartition('@')[2] or 'localhost'}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no “out of office” in answer
        },
    )


def _address(notice: Notice) -> str:
    if notice.user is None:
        if not notice.address:
            raise Undelivered(_("The address was erased on its day."), is_final=True)
        return notice.address
    if not notice.user.is_active:
        raise Undelivered(
            _("The account of %(person)s is suspended.") % {"person": notice.user}, is_final=True
        )
    if not notice.user.email:
        raise Undelivered(
            _("%(person)s has given no e-mail address.") % {"person": notice.user}, is_final=True
        )
    return notice.user.email
