"""Addresses that anybody may open: published decisions."""

from django.urls import path

from xianxue.decisions.views import public

urlpatterns = [
    path("", public.listing, name="public-decisions"),
    path("<uuid:key>/", public.one, name="public-decision"),
]
