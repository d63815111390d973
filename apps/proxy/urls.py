from django.urls import path

from apps.proxy.api import TestRequestApi

urlpatterns = [
    path("t/<slug:tenant_slug>/test-request/", TestRequestApi.as_view()),
]
