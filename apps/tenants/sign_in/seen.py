from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

_EVERY_SECONDS = 60


class SeenMiddleware:
    """Notes when and from which browser a session was last used, once a minute at the most.

    allauth's own middleware writes to the database with every request.
    """

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session_key = request.session.session_key
        is_due = session_key and cache.add(f"seen:{session_key}", 1, _EVERY_SECONDS)
        if is_due and request.user.is_authenticated:
            UserSession.objects.create_from_request(request)
        return self.get_response(request)
