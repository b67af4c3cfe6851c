"""Addresses of the pages of tokens and webhooks."""

from django.urls import path

from xianxue.kernel.api.pages import views

urlpatterns = [
    path("tokens/", views.token_list, name="api-tokens"),
    path("tokens/new/", views.IssueToken.as_view(), name="api-token-new"),
    path("tokens/<int:pk>/", views.token, name="api-token"),
    path("tokens/<int:pk>/revoke/", views.RevokeToken.as_view(), name="api-token-revoke"),
    path("tokens/<int:pk>/webhooks/new/", views.Subscribe.as_view(), name="api-webhook-new"),
    path("webhooks/<int:pk>/", views.subscription, name="api-webhook"),
    path("webhooks/<int:pk>/end/", views.end_subscription, name="api-webhook-end"),
    path("notices/<int:pk>/", views.delivery, name="api-delivery"),
    path("notices/<int:pk>/replay/", views.replay_delivery, name="api-delivery-replay"),
    path("service-accounts/new/", views.NewServiceAccount.as_view(), name="api-service-new"),
]
