from django.urls import path

from apps.skills.api.composition import CompositionApi
from apps.skills.api.library import GenerationListApi, LibraryRestoreApi
from apps.skills.api.packs import PackDetailApi, PackListApi
from apps.skills.api.skills import (
    SkillActivateApi,
    SkillDetailApi,
    SkillListApi,
    SkillRetireApi,
    SkillScopeApi,
    SkillVersionApi,
)
from apps.skills.api.transfer import SkillExportApi, SkillImportApi
from apps.skills.api.tryout import LibraryTryoutApi

_ONE = "t/<slug:tenant_slug>/skills/<slug:slug>/"

urlpatterns = [
    path("t/<slug:tenant_slug>/skills/", SkillListApi.as_view()),
    path("t/<slug:tenant_slug>/skills/import/", SkillImportApi.as_view()),
    path("t/<slug:tenant_slug>/library/generations/", GenerationListApi.as_view()),
    path("t/<slug:tenant_slug>/library/restore/", LibraryRestoreApi.as_view()),
    path("t/<slug:tenant_slug>/library/composition/", CompositionApi.as_view()),
    path("t/<slug:tenant_slug>/library/tryout/", LibraryTryoutApi.as_view()),
    path("t/<slug:tenant_slug>/skills/export/", SkillExportApi.as_view()),
    path("t/<slug:tenant_slug>/skills/packs/", PackListApi.as_view()),
    path("t/<slug:tenant_slug>/skills/packs/<slug:name>/", PackDetailApi.as_view()),
    path(_ONE, SkillDetailApi.as_view()),
    path(f"{_ONE}versions/<int:number>/", SkillVersionApi.as_view()),
    path(f"{_ONE}retire/", SkillRetireApi.as_view()),
    path(f"{_ONE}scope/", SkillScopeApi.as_view()),
    path(f"{_ONE}activate/", SkillActivateApi.as_view()),
]
