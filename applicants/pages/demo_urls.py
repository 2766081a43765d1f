"""Pages of the demonstration."""

from django.urls import path

from applicants.pages import demo

urlpatterns = [path("messages/", demo.demo_messages, name="demo-messages")]
