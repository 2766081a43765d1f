"""Browsers that can't do what others can."""

from django.http import HttpRequest


def in_wechat(request: HttpRequest) -> bool:
    """WeChat's own browser says so (JJ-16). It opens no files and no other windows."""
    return "MicroMessenger" in request.headers.get("User-Agent", "")
