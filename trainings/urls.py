"""Addresses of trainings."""

from django.urls import path

from trainings.views import coverage, own, people, roster, trainings

app_name = "trainings"
urlpatterns = [
    path("trainings/", people.people, name="people"),
    path("trainings/all/", trainings.training_list, name="trainings"),
    path("trainings/coverage/", coverage.coverage_home, name="coverage"),
    path("trainings/coverage/<int:code>/", coverage.coverage, name="coverage-below"),
    path("trainings/mine/", own.mine, name="mine"),
    path("trainings/mine/record/", own.my_record, name="my-record"),
    path("trainings/new/", trainings.training_new, name="new"),
    path("trainings/people/<int:pk>/", people.person, name="person"),
    path(
        "trainings/people/<int:pk>/record/", people.person_record, name="person-record"
    ),
    path("trainings/<uuid:pk>/", trainings.training, name="training"),
    path("trainings/<uuid:pk>/edit/", trainings.training_edit, name="edit"),
    path("trainings/<uuid:pk>/cancel/", trainings.training_cancel, name="cancel"),
    path("trainings/<uuid:pk>/roster/", roster.roster, name="roster"),
    path("trainings/<uuid:pk>/roster/remove/", roster.roster_remove, name="remove"),
    path("trainings/<uuid:pk>/sign-in/", roster.sign_in, name="sign-in"),
    path("trainings/<uuid:pk>/sheet/", trainings.training_sheet, name="sheet"),
    path("trainings/<uuid:pk>/record/", trainings.training_record, name="record"),
    path(
        "trainings/<uuid:pk>/files/<uuid:attachment>/",
        trainings.training_file,
        name="file",
    ),
    path(
        "trainings/<uuid:pk>/files/<uuid:attachment>/remove/",
        trainings.training_file_remove,
        name="file-remove",
    ),
]
