"""Addresses of 民情."""

from django.urls import path

from sentiment.views import issues, merging, telling

app_name = "sentiment"
urlpatterns = [
    path("issues/", issues.issue_list, name="issues"),
    path("issues/new/", issues.issue_new, name="issue-new"),
    path("issues/to-tell/", telling.to_tell, name="to-tell"),
    path("issues/<int:pk>/", issues.issue, name="issue"),
    path("issues/<int:pk>/told/", telling.issue_tell, name="issue-tell"),
    path("issues/<int:pk>/step/<slug:step>/", issues.issue_step, name="issue-step"),
    path("issues/<int:pk>/merge/", merging.issue_merge, name="issue-merge"),
    path(
        "households/<int:pk>/issues/",
        telling.household_issues,
        name="household-issues",
    ),
]
