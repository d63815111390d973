from typing import Any

from django.core.management.base import BaseCommand

from apps.exports.services import signing_key_rotate


class Command(BaseCommand):
    help = "Sign exports with a new key; what older ones signed can be checked as before."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(signing_key_rotate().key_id)
