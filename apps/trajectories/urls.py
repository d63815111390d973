from django.urls import path

from apps.trajectories.api.search import TurnSearchApi
from apps.trajectories.api.sessions import SessionDetailApi, SessionListApi
from apps.trajectories.api.spending import JudgeSpendingApi
from apps.trajectories.api.turns import TurnDetailApi, TurnListApi, TurnRequestApi

urlpatterns = [
    path("t/<slug:tenant_slug>/judge-spending/", JudgeSpendingApi.as_view()),
    path("t/<slug:tenant_slug>/sessions/", SessionListApi.as_view()),
    path("t/<slug:tenant_slug>/sessions/<uuid:session_id>/", SessionDetailApi.as_view()),
    path("t/<slug:tenant_slug>/turns/", TurnListApi.as_view()),
    path("t/<slug:tenant_slug>/turns/search/", TurnSearchApi.as_view()),
    path("t/<slug:tenant_slug>/turns/<uuid:turn_id>/", TurnDetailApi.as_view()),
    path("t/<slug:tenant_slug>/turns/<uuid:turn_id>/request/", TurnRequestApi.as_view()),
]
