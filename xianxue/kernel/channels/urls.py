"""Addresses of one's own channels."""

from django.urls import path

from xianxue.kernel.channels import views

urlpatterns = [
    path("channels/new/", views.AddChannel.as_view(), name="channel-new"),
    path("channels/<int:pk>/end/", views.end, name="channel-end"),
    path("channels/<int:pk>/test/", views.test, name="channel-test"),
]
