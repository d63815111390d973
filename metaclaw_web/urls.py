from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from apps.evolution.api.session import SessionApi
from apps.evolution.api.workspaces import WorkspaceListApi
from metaclaw_web.console.page import console_page


def not_found(request: HttpRequest, path: str = "") -> JsonResponse:
    return JsonResponse({"code": "not_found", "detail": "Nothing lives here."}, status=404)


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


api: list[URLPattern | URLResolver] = [
    path("session/", SessionApi.as_view()),
    path("workspaces/", WorkspaceListApi.as_view()),
    path("", include("apps.tenants.urls")),
    path("", include("apps.upstreams.urls")),
    path("", include("apps.usage.urls")),
    path("", include("apps.trajectories.urls")),
    # Before those of skills, which take any name behind skills/.
    path("", include("apps.evolution.urls")),
    path("", include("apps.skills.urls")),
    path("", include("apps.training.urls")),
    path("", include("apps.exports.urls")),
    path("", include("apps.training.urls")),
    path("", include("apps.proxy.urls")),
    path("", include("apps.demo.urls")),
]

urlpatterns = [
    path("healthz", healthz),
    path("api/v1/", include(api)),
    path("api/schema/", SpectacularAPIView.as_view()),
    path("_allauth/", include("apps.tenants.sign_in.urls")),
    re_path(r"^(?:api|_allauth|static|ws)/(?P<path>.*)$", not_found),
    re_path(r"^(?P<path>.*)$", console_page),
]
