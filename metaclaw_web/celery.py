import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")

app = Celery("metaclaw")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
