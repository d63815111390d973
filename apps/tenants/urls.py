from django.urls import path

from apps.tenants.api.account import AccountApi, AuthenticatorAppApi
from apps.tenants.api.agents import AgentDetailApi, AgentListApi
from apps.tenants.api.audit import AuditListApi, AuditVerifyApi
from apps.tenants.api.company import CompanySignInApi
from apps.tenants.api.invitations import (
    InvitationListApi,
    InvitationRenewApi,
    InvitationRevokeApi,
)
from apps.tenants.api.invited import InvitationAcceptApi, InvitationJoinApi, InvitationLookApi
from apps.tenants.api.jobs import JobListApi, JobRetryApi
from apps.tenants.api.keys import (
    KeyDetailApi,
    KeyListApi,
    KeyRevokeApi,
    KeyRotateApi,
    KeyRotationFinishApi,
)
from apps.tenants.api.members import MemberDetailApi, MemberListApi
from apps.tenants.api.saved_filters import SavedFilterDetailApi, SavedFilterListApi
from apps.tenants.api.workspace import SettingsApi

urlpatterns = [
    path("account/", AccountApi.as_view()),
    path("account/authenticator-app/", AuthenticatorAppApi.as_view()),
    path("sign-in/company/", CompanySignInApi.as_view()),
    path("t/<slug:tenant_slug>/agents/", AgentListApi.as_view()),
    path("t/<slug:tenant_slug>/agents/<uuid:agent_id>/", AgentDetailApi.as_view()),
    path("t/<slug:tenant_slug>/audit/", AuditListApi.as_view()),
    path("t/<slug:tenant_slug>/audit/verify/", AuditVerifyApi.as_view()),
    path("invitations/look/", InvitationLookApi.as_view()),
    path("invitations/accept/", InvitationAcceptApi.as_view()),
    path("invitations/join/", InvitationJoinApi.as_view()),
    path("t/<slug:tenant_slug>/invitations/", InvitationListApi.as_view()),
    path(
        "t/<slug:tenant_slug>/invitations/<uuid:invitation_id>/renew/",
        InvitationRenewApi.as_view(),
    ),
    path(
        "t/<slug:tenant_slug>/invitations/<uuid:invitation_id>/revoke/",
        InvitationRevokeApi.as_view(),
    ),
    path("t/<slug:tenant_slug>/jobs/", JobListApi.as_view()),
    path("t/<slug:tenant_slug>/jobs/<uuid:job_id>/retry/", JobRetryApi.as_view()),
    path("t/<slug:tenant_slug>/keys/", KeyListApi.as_view()),
    path("t/<slug:tenant_slug>/keys/<uuid:key_id>/", KeyDetailApi.as_view()),
    path("t/<slug:tenant_slug>/keys/<uuid:key_id>/revoke/", KeyRevokeApi.as_view()),
    path("t/<slug:tenant_slug>/keys/<uuid:key_id>/rotate/", KeyRotateApi.as_view()),
    path("t/<slug:tenant_slug>/keys/<uuid:key_id>/rotate/finish/", KeyRotationFinishApi.as_view()),
    path("t/<slug:tenant_slug>/members/", MemberListApi.as_view()),
    path("t/<slug:tenant_slug>/members/<uuid:member_id>/", MemberDetailApi.as_view()),
    path("t/<slug:tenant_slug>/saved-filters/", SavedFilterListApi.as_view()),
    path("t/<slug:tenant_slug>/saved-filters/<uuid:filter_id>/", SavedFilterDetailApi.as_view()),
    path("t/<slug:tenant_slug>/settings/", SettingsApi.as_view()),
]
