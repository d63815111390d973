"""A way back in for a person who has lost their password, or phone and recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.tenants.models import User
from apps.tenants.services.sign_in import sign_in_reset


class Command(BaseCommand):
    help = (
        "Give a person a new password, printed once, and remove their authenticator app, passkeys"
        " and recovery codes. Their sessions end."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {options['email']}.")
        self.stdout.write(sign_in_reset(user=user))
