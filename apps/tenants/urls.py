from django.urls import path

from apps.tenants.api.keys import KeyListApi, KeyRevokeApi
from apps.tenants.api.workspace import SettingsApi

urlpatterns = [
    path("t/<slug:tenant_slug>/keys/", KeyListApi.as_view()),
    path("t/<slug:tenant_slug>/keys/<uuid:key_id>/revoke/", KeyRevokeApi.as_view()),
    path("t/<slug:tenant_slug>/settings/", SettingsApi.as_view()),
]
