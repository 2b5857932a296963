"""Addresses of /api/v1/ for the roll of households and who looks after whom."""

from django.urls import path

from households.api import ByElectionFiling
from households.api_links import LinkList, LinkMoves, LinkProposal, RepresentativeLeave
from households.api_moves import (
    CategoryDetail,
    CategoryList,
    HouseholdOffer,
    HouseholdOffRoll,
    TransferAccept,
    TransferDecline,
    TransferList,
    TransferWithdraw,
)
from households.api_roll import (
    HouseholdCategories,
    HouseholdDetail,
    HouseholdLabels,
    HouseholdList,
    HouseholdReveal,
)

urlpatterns = [
    path(
        "by-elections/<int:pk>/file/",
        ByElectionFiling.as_view(),
        name="by-election-file",
    ),
    path("households/", HouseholdList.as_view(), name="households"),
    path("households/<int:pk>/", HouseholdDetail.as_view(), name="household"),
    *(
        path(f"households/<int:pk>/{part}/", view.as_view(), name=f"household-{part}")
        for part, view in (
            ("categories", HouseholdCategories),
            ("labels", HouseholdLabels),
            ("reveal", HouseholdReveal),
            ("off-roll", HouseholdOffRoll),
            ("offer", HouseholdOffer),
        )
    ),
    path("transfers/", TransferList.as_view(), name="transfers"),
    *(
        path(f"transfers/<int:pk>/{part}/", view.as_view(), name=f"transfer-{part}")
        for part, view in (
            ("accept", TransferAccept),
            ("decline", TransferDecline),
            ("withdraw", TransferWithdraw),
        )
    ),
    path("links/", LinkList.as_view(), name="links"),
    path("villages/<int:code>/moves/", LinkMoves.as_view(), name="link-moves"),
    path("villages/<int:code>/proposal/", LinkProposal.as_view(), name="link-proposal"),
    path(
        "representatives/<int:pk>/leave/",
        RepresentativeLeave.as_view(),
        name="representative-leave",
    ),
    path("categories/", CategoryList.as_view(), name="categories"),
    path("categories/<slug:code>/", CategoryDetail.as_view(), name="category"),
]
