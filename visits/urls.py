"""Addresses of visits: the representative's phone, and the village's side of it."""

from django.urls import path

from visits.views import handed, overdue, phone, policy, urging

app_name = "visits"
urlpatterns = [
    path("visits/", phone.phone, name="phone"),
    path("visits/matter/", phone.matter, name="matter"),
    path("visits/outbox/", phone.outbox, name="outbox"),
    path("visits/doors/<int:pk>/", phone.door, name="door"),
    path("visits/doors/<int:pk>/quick/", phone.quick, name="quick"),
    path("visits/<uuid:pk>/change/", phone.change, name="change"),
    path("visits/<uuid:pk>/undo/", phone.undo, name="undo"),
    path("visits/handed/", handed.handed_list, name="handed"),
    path("visits/handed/<uuid:pk>/take/", handed.take, name="handed-take"),
    path("visits/handed/<uuid:pk>/decline/", handed.decline, name="handed-decline"),
    path("visits/overdue/", overdue.overdue_list, name="overdue"),
    path("visits/urge/", urging.urge_list, name="urge-list"),
    path("visits/urge/send/", urging.urge, name="urge"),
    path("policies/", policy.policy_list, name="policy-list"),
    path("policies/new/", policy.policy_new, name="policy-new"),
    path("policies/plans/<int:pk>/", policy.policy_plan, name="policy-plan"),
    path(
        "policies/plans/<int:pk>/progress/",
        policy.plan_progress,
        name="policy-progress",
    ),
    path("policies/plans/<int:pk>/adopt/", policy.adopt, name="policy-adopt"),
    path("policies/<int:pk>/withdraw/", policy.withdraw, name="policy-withdraw"),
    path("sw.js", phone.service_worker, name="service-worker"),
]
