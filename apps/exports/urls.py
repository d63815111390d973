from django.urls import path

from apps.exports.api.deletion import CertificateApi, DeletionApi
from apps.exports.api.exports import (
    ExportDetailApi,
    ExportDownloadApi,
    ExportListApi,
    SigningKeysApi,
)

urlpatterns = [
    path("deletion-certificates/<uuid:certificate_id>/", CertificateApi.as_view()),
    path("t/<slug:tenant_slug>/deletion/", DeletionApi.as_view()),
    path("t/<slug:tenant_slug>/exports/", ExportListApi.as_view()),
    path("t/<slug:tenant_slug>/exports/keys/", SigningKeysApi.as_view()),
    path("t/<slug:tenant_slug>/exports/<uuid:export_id>/", ExportDetailApi.as_view()),
    path("t/<slug:tenant_slug>/exports/<uuid:export_id>/download/", ExportDownloadApi.as_view()),
]
