"""The gallery of components; served in demo mode only."""

from django.urls import path

from .gallery import gallery, sample_page

app_name = "ui"
urlpatterns = [
    path("", gallery, name="gallery"),
    path("<slug:name>/", sample_page, name="sample"),
]
