from django.urls import path

from apps.upstreams.api import UpstreamDetailApi, UpstreamListApi, UpstreamTestApi

urlpatterns = [
    path("t/<slug:tenant_slug>/upstreams/", UpstreamListApi.as_view()),
    path("t/<slug:tenant_slug>/upstreams/<uuid:upstream_id>/", UpstreamDetailApi.as_view()),
    path("t/<slug:tenant_slug>/upstreams/<uuid:upstream_id>/test/", UpstreamTestApi.as_view()),
]
