from django.urls import path

from apps.training.api.calendars import (
    CalendarCheckApi,
    CalendarDetailApi,
    CalendarListApi,
    GoogleBeginApi,
    GoogleFinishApi,
)
from apps.training.api.windows import PresenceApi, WindowHistoryApi, WindowsApi

_CALENDARS = "t/<slug:tenant_slug>/training/calendars/"

urlpatterns = [
    path("t/<slug:tenant_slug>/training/windows/", WindowsApi.as_view()),
    path("t/<slug:tenant_slug>/training/windows/history/", WindowHistoryApi.as_view()),
    path("t/<slug:tenant_slug>/training/presence/", PresenceApi.as_view()),
    path(_CALENDARS, CalendarListApi.as_view()),
    path(f"{_CALENDARS}google/", GoogleBeginApi.as_view()),
    path(f"{_CALENDARS}google/finish/", GoogleFinishApi.as_view()),
    path(f"{_CALENDARS}<uuid:calendar_id>/", CalendarDetailApi.as_view()),
    path(f"{_CALENDARS}<uuid:calendar_id>/check/", CalendarCheckApi.as_view()),
]
