"""Addresses of supervision."""

from django.urls import path

from xianxue.supervision import views

urlpatterns = [
    path("todo/", views.todo_page, name="todo"),
    path("todo/started/", views.started, name="todo-started"),
    path("todo/units/", views.of_units, name="todo-units"),
    path("todo/notices/clear/", views.clear_notices, name="notices-clear"),
    path("todo/notices/<int:pk>/", views.open_notice, name="notice-open"),
    path("attention/", views.waiting, name="attention"),
    path("supervision/overdue/", views.overdue, name="overdue"),
]
