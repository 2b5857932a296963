"""Addresses of /api/v1/ for trainings."""

from django.urls import path

from trainings.api import (
    AttendanceList,
    TrainingCancellation,
    TrainingDetail,
    TrainingList,
    TrainingRoster,
    TrainingSignIn,
)

urlpatterns = [
    path("trainings/", TrainingList.as_view(), name="trainings"),
    path("trainings/<uuid:pk>/", TrainingDetail.as_view(), name="training"),
    path(
        "trainings/<uuid:pk>/cancel/",
        TrainingCancellation.as_view(),
        name="training-cancel",
    ),
    path(
        "trainings/<uuid:pk>/roster/",
        TrainingRoster.as_view(),
        name="training-roster",
    ),
    path(
        "trainings/<uuid:pk>/sign-in/",
        TrainingSignIn.as_view(),
        name="training-sign-in",
    ),
    path("attendances/", AttendanceList.as_view(), name="attendances"),
]
