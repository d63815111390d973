from django.urls import path

from apps.tenants.api.agents import AgentDetailApi, AgentListApi
from apps.tenants.api.audit import AuditListApi, AuditVerifyApi
from apps.tenants.api.keys import KeyDetailApi, KeyListApi, KeyRevokeApi
from apps.tenants.api.workspace import SettingsApi

urlpatterns = [
    path("t/<slug:tenant_slug>/agents/", AgentListApi.as_view()),
    path("t/<slug:tenant_slug>/agents/<uuid:agent_id>/", AgentDetailApi.as_view()),
    path("t/<slug:tenant_slug>/audit/", AuditListApi.as_view()),
    path("t/<slug:tenant_slug>/audit/verify/", AuditVerifyApi.as_view()),
    path("t/<slug:tenant_slug>/keys/", KeyListApi.as_view()),
    path("t/<slug:tenant_slug>/keys/<uuid:key_id>/", KeyDetailApi.as_view()),
    path("t/<slug:tenant_slug>/keys/<uuid:key_id>/revoke/", KeyRevokeApi.as_view()),
    path("t/<slug:tenant_slug>/settings/", SettingsApi.as_view()),
]
