from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.headless.account.views import ChangePasswordView
from django.http import HttpRequest, HttpResponse

from apps.tenants.models import User


class PasswordView(ChangePasswordView):  # type: ignore[misc]  # allauth has no types
    """A new password. The first one has none before it to ask for: a code or passkey, then."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert isinstance(request.user, User)  # allauth saw to it
        if not request.user.has_usable_password():
            raise_if_reauthentication_required(request, app="allauth.account")
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer
