from django.urls import path

from apps.upstreams.api.connections import UpstreamDetailApi, UpstreamListApi, UpstreamTestApi
from apps.upstreams.api.routes import PresetListApi, RouteDetailApi, RouteListApi

urlpatterns = [
    path("t/<slug:tenant_slug>/presets/", PresetListApi.as_view()),
    path("t/<slug:tenant_slug>/routes/", RouteListApi.as_view()),
    path("t/<slug:tenant_slug>/routes/<uuid:route_id>/", RouteDetailApi.as_view()),
    path("t/<slug:tenant_slug>/upstreams/", UpstreamListApi.as_view()),
    path("t/<slug:tenant_slug>/upstreams/<uuid:upstream_id>/", UpstreamDetailApi.as_view()),
    path("t/<slug:tenant_slug>/upstreams/<uuid:upstream_id>/test/", UpstreamTestApi.as_view()),
]
