import logging
import smtplib

from django.core.mail import EmailMessage

from apps.tenants.models import Invitation

logger = logging.getLogger(__name__)

_TEXT = """Hello,

{by} invites you to the workspace "{workspace}" of MetaClaw, as {role}.

{link}

The link works once and until {until}. Whoever has it can use it: please do not pass it on.
If you do not know what this is about, do nothing.
"""


def invitation_mail(*, row: Invitation, workspace: str, link: str) -> bool:
    """Send the link to whom it is for; False where the mail server did not take it.

    The link is in the mail and nowhere else: not in a job, not in a log.
    """
    by, workspace = _one_line(row.invited_by), _one_line(workspace)
    text = _TEXT.format(
        by=by,
        workspace=workspace,
        role=f"an {row.role}" if row.role[0] in "ao" else f"a {row.role}",
        link=link,
        until=f"{row.expires_at:%Y-%m-%d %H:%M} UTC",
    )
    message = EmailMessage(f'{by} invites you to "{workspace}"', text, to=[row.email])
    try:
        return message.send() == 1
    except (OSError, smtplib.SMTPException) as exc:
        logger.warning("invitation.not_mailed", extra={"reason": exc})
        return False


def _one_line(name: str) -> str:
    """A name as it may stand in a header."""
    return " ".join(name.split())
