from django.urls import path

from apps.usage.api.limits import LimitDetailApi, LimitListApi
from apps.usage.api.prices import PriceListApi
from apps.usage.api.usage import UsageApi, UsageNowApi

urlpatterns = [
    path("t/<slug:tenant_slug>/limits/", LimitListApi.as_view()),
    path("t/<slug:tenant_slug>/limits/<uuid:limit_id>/", LimitDetailApi.as_view()),
    path("t/<slug:tenant_slug>/prices/", PriceListApi.as_view()),
    path("t/<slug:tenant_slug>/usage/", UsageApi.as_view()),
    path("t/<slug:tenant_slug>/usage/now/", UsageNowApi.as_view()),
]
