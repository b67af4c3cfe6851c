"""Addresses of procedures: fixed words carry a hyphen or a dot, so that no step's code can be one of them."""

from django.urls import path

from xianxue.kernel.procedures import views

urlpatterns = [
    path("matters/start/<str:procedure>/<str:step>/", views.StartView.as_view(), name="matter-start"),
    path("matters/batch/<str:procedure>/<str:step>/", views.BatchView.as_view(), name="matter-batch"),
    path("matters/<int:pk>/", views.MatterView.as_view(), name="matter"),
    path("matters/<int:pk>/put-off/", views.ExtendView.as_view(), name="matter-extend"),
    path("matters/<int:pk>/record.docx", views.RecordView.as_view(), name="matter-record"),
    path("matters/<int:pk>/evidence.zip", views.PackView.as_view(), name="matter-pack"),
    path("matters/<int:pk>/<str:step>/", views.StepView.as_view(), name="matter-step"),
    path("procedures/", views.CatalogueView.as_view(), name="procedures"),
    path("procedures/<str:code>/", views.ProcedureView.as_view(), name="procedure"),
]
