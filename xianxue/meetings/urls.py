"""Addresses of meetings; registers and matters make their own."""

from django.urls import path

from xianxue.meetings.views import agenda, desk, mine, rosters

urlpatterns = [
    path("bodies/new/", rosters.NewBody.as_view(), name="meeting-body-new"),
    path("bodies/<int:pk>/change/", rosters.ChangeBody.as_view(), name="meeting-body-change"),
    path("seats/new/", rosters.NewSeat.as_view(), name="meeting-seat-new"),
    path("seats/<int:pk>/end/", rosters.EndSeat.as_view(), name="meeting-seat-end"),
    path("interests/new/", rosters.NewInterest.as_view(), name="meeting-interest-new"),
    path("mine/", mine.my_meetings, name="my-meetings"),
    path("<int:pk>/agenda/", agenda.agenda_page, name="meeting-agenda"),
    path("<int:pk>/agenda/act/", agenda.agenda_act, name="meeting-agenda-act"),
    path("<int:pk>/desk/", desk.desk_page, name="meeting-desk"),
    path("<int:pk>/desk/entries/", desk.desk_entries, name="meeting-desk-entries"),
    path("<int:pk>/desk/revision/", desk.desk_revision, name="meeting-desk-revision"),
    path("<int:pk>/member/", mine.member_page, name="meeting-member"),
    path("<int:pk>/member/act/", mine.member_act, name="meeting-member-act"),
]
