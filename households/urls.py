"""Addresses of households, of who looks after whom, and of the city's categories."""

from django.urls import path

from households.views import (
    board,
    by_elections,
    categories,
    editing,
    handing,
    leaving,
    roll,
)

app_name = "households"
urlpatterns = [
    path("households/", roll.household_list, name="list"),
    path("households/new/", editing.new_home, name="new-home"),
    path("households/new/<int:code>/", editing.new, name="new"),
    path("households/<int:pk>/", roll.household_detail, name="detail"),
    path("households/<int:pk>/edit/", editing.household_edit, name="edit"),
    path(
        "households/<int:pk>/categories/",
        editing.household_categories,
        name="categories",
    ),
    path("households/<int:pk>/labels/", editing.household_labels, name="labels"),
    path("households/<int:pk>/off-roll/", leaving.off_roll, name="off-roll"),
    path("households/<int:pk>/offer/", leaving.offer, name="offer"),
    path(
        "households/<int:pk>/reveal/<slug:field>/",
        roll.household_reveal,
        name="reveal",
    ),
    path("households/transfers/", leaving.transfers, name="transfers"),
    path("households/transfers/<int:pk>/accept/", leaving.accept, name="accept"),
    path("households/transfers/<int:pk>/decline/", leaving.decline, name="decline"),
    path("households/transfers/<int:pk>/withdraw/", leaving.withdraw, name="withdraw"),
    path("links/", board.links_home, name="links-home"),
    path("links/<int:code>/", board.links, name="links"),
    path("links/<int:code>/assign/", board.assign, name="assign"),
    path("links/<int:code>/propose/", board.propose, name="propose"),
    path("links/<int:code>/apply/", board.apply, name="apply"),
    path("representatives/<int:pk>/leave/", handing.leave, name="leave"),
    path("representatives/<int:pk>/left/", handing.left, name="left"),
    path(
        "by-elections/<int:pk>/file/",
        by_elections.by_election_file,
        name="by-election-file",
    ),
    path("categories/", categories.category_list, name="category-list"),
    path("categories/new/", categories.category_new, name="category-new"),
    path(
        "categories/<slug:code>/edit/", categories.category_edit, name="category-edit"
    ),
]
