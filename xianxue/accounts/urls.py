"""Addresses of accounts."""

from django.urls import path

from xianxue.accounts import views
from xianxue.accounts.views import administration, provider

urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="sign-in"),
    path("sign-in/code/", views.SecondStepView.as_view(), name="second-step"),
    path("sign-in/provider/", provider.start, name="provider-start"),
    path("sign-in/provider/return/", provider.come_back, name="provider-return"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/password/", views.ChangePassword.as_view(), name="password"),
    path("account/sessions/<int:pk>/end/", views.end_session, name="session-end"),
    path("account/sessions/end-others/", views.end_others, name="sessions-end-others"),
    path("account/factor/", views.EnableFactor.as_view(), name="factor-enable"),
    path("account/factor/codes/", views.RenewCodes.as_view(), name="factor-codes"),
    path("account/factor/drop/", views.DropFactor.as_view(), name="factor-drop"),
    path("account/delegations/new/", views.Delegate.as_view(), name="delegate"),
    path("account/delegations/<int:pk>/recall/", views.recall, name="delegation-recall"),
    path("permissions/", views.permissions, name="permissions"),
    path("users/new/", administration.NewUser.as_view(), name="user-new"),
    path("users/<int:pk>/name/", administration.Rename.as_view(), name="user-rename"),
    path("users/<int:pk>/password/", administration.ResetPassword.as_view(), name="user-password"),
    path("users/<int:pk>/switch/", administration.Switch.as_view(), name="user-switch"),
    path("users/<int:pk>/factor/", administration.RemoveFactor.as_view(), name="user-factor"),
    path("users/<int:pk>/sessions/", administration.EndSessions.as_view(), name="user-sessions"),
    path("users/<int:pk>/identity/", administration.Unlink.as_view(), name="user-identity"),
    path("users/<int:pk>/posting/", administration.GivePosting.as_view(), name="posting-give"),
    path("postings/<int:pk>/end/", administration.EndPosting.as_view(), name="posting-end"),
    path("account-requests/<int:pk>/confirm/", administration.Confirm.as_view(), name="request-confirm"),
    path("account-requests/<int:pk>/decline/", administration.Decline.as_view(), name="request-decline"),
]
