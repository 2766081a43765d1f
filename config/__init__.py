"""Composition root: settings, routes, Celery and the embedded servers."""
