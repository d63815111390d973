from django.urls import path

from apps.proxy.api import ArrivalsApi, TestRequestApi

urlpatterns = [
    path("t/<slug:tenant_slug>/arrivals/", ArrivalsApi.as_view()),
    path("t/<slug:tenant_slug>/test-request/", TestRequestApi.as_view()),
]
