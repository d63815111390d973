from django.urls import path

from apps.live.consumers import TenantConsumer

websocket_urlpatterns = [path("ws/t/<slug:tenant_slug>/", TenantConsumer.as_asgi())]
