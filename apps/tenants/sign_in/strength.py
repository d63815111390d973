from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LengthValidator(MinimumLengthValidator):
    """Django's, which in 5.2 says something that Django's own catalogs have under another text."""

    def get_error_message(self) -> str:
        english = "This password is too short. It must contain at least %(min_length)d character."
        several = "This password is too short. It must contain at least %(min_length)d characters."
        return ngettext(english, several, self.min_length) % {"min_length": self.min_length}
