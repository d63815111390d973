"""The Django project: knows every app; no app knows it."""

from metaclaw_web.celery import app as celery_app

__all__ = ["celery_app"]
