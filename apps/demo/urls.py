from django.urls import path

from apps.demo.api import DemoApi, DemoListApi

urlpatterns = [
    path("workspaces/demo/", DemoListApi.as_view()),
    path("t/<slug:tenant_slug>/demo/", DemoApi.as_view()),
]
