from django.urls import path

from apps.trajectories.api.turns import TurnDetailApi, TurnListApi

urlpatterns = [
    path("t/<slug:tenant_slug>/turns/", TurnListApi.as_view()),
    path("t/<slug:tenant_slug>/turns/<uuid:turn_id>/", TurnDetailApi.as_view()),
]
