"""Addresses of files."""

from django.urls import path

from xianxue.kernel.files.views import FileView

urlpatterns = [path("<int:pk>/", FileView.as_view(), name="file")]
