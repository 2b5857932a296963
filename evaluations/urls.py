"""Addresses of 双约双评."""

from django.urls import path

from evaluations.views import covenants, entries, ratings, schemes, steps, villages

app_name = "evaluations"

COVENANTS = [
    path("covenants/", covenants.covenants, name="covenants"),
    path("covenants/new/<int:slot>/", covenants.covenant_new, name="covenant-new"),
    path("covenants/<int:pk>/", covenants.covenant, name="covenant"),
    path(
        "covenants/<int:pk>/revise/", covenants.covenant_revise, name="covenant-revise"
    ),
    path("covenants/<int:pk>/end/", covenants.covenant_end, name="covenant-end"),
    path(
        "covenants/texts/<int:pk>/dates/",
        covenants.covenant_dates,
        name="covenant-dates",
    ),
    path(
        "covenants/texts/<int:pk>/scan/", covenants.covenant_scan, name="covenant-scan"
    ),
]
PART = "schemes/<int:pk>/parts/<slug:kind>/"
SCHEMES = [
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/recommended/", schemes.scheme_recommended, name="scheme-recommended"),
    path("schemes/<int:pk>/", schemes.scheme, name="scheme"),
    path("schemes/<int:pk>/adapt/", schemes.scheme_adapt, name="scheme-adapt"),
    path("schemes/<int:pk>/terms/", schemes.scheme_terms, name="scheme-terms"),
    path(f"{PART}new/", schemes.scheme_part_new, name="scheme-part-new"),
    path(f"{PART}<int:part>/", schemes.scheme_part, name="scheme-part"),
    path(f"{PART}<int:part>/drop/", schemes.scheme_part_drop, name="scheme-part-drop"),
    path("schemes/<int:pk>/try/", schemes.scheme_try, name="scheme-try"),
    path("schemes/<int:pk>/in-force/", schemes.scheme_force, name="scheme-force"),
    path("schemes/<int:pk>/drop/", schemes.scheme_drop, name="scheme-drop"),
]
RATINGS = [
    path("ratings/", ratings.ratings, name="ratings"),
    path("ratings/begin/", ratings.rating_begin, name="rating-begin"),
    path("ratings/mine/", entries.mine, name="mine"),
    path("ratings/setting/", steps.setting, name="setting"),
    path("ratings/<int:pk>/", ratings.rating, name="rating"),
    path("ratings/<int:pk>/batch/", entries.batch, name="rating-batch"),
    path("ratings/<int:pk>/homes/<int:household>/", entries.home, name="rating-home"),
    path(
        "ratings/<int:pk>/homes/<int:household>/self/",
        entries.self_assess,
        name="self-assess",
    ),
    path("ratings/<int:pk>/step/<slug:act>/", steps.step, name="rating-step"),
    path("ratings/<int:pk>/notice/", steps.notice, name="rating-notice"),
    path("ratings/<int:pk>/paper/<slug:slug>/", steps.paper, name="rating-paper"),
    path(
        "ratings/entries/<int:pk>/withdraw/",
        entries.entry_withdraw,
        name="entry-withdraw",
    ),
    path("ratings/entries/<int:pk>/file/", entries.entry_file, name="entry-file"),
    path("ratings/results/<int:pk>/place/", steps.place, name="rating-place"),
    path("ratings/results/<int:pk>/tell/", steps.tell, name="rating-tell"),
    path("ratings/results/<int:pk>/letter/", steps.rating_letter, name="rating-letter"),
]
VILLAGE = "village-ratings/<int:pk>/"
VILLAGES = [
    path("village-ratings/", villages.village_ratings, name="village-ratings"),
    path(
        "village-ratings/begin/",
        villages.village_rating_begin,
        name="village-rating-begin",
    ),
    path(VILLAGE, villages.village_rating, name="village-rating"),
    path(f"{VILLAGE}mark/", villages.village_rating_mark, name="village-rating-mark"),
    path(
        f"{VILLAGE}evidence/<int:item>/",
        villages.village_rating_evidence,
        name="village-rating-evidence",
    ),
    path(
        f"{VILLAGE}confirm/",
        villages.village_rating_confirm,
        name="village-rating-confirm",
    ),
    path(
        f"{VILLAGE}notice/",
        villages.village_rating_notice,
        name="village-rating-notice",
    ),
    path(
        f"{VILLAGE}reopen/",
        villages.village_rating_reopen,
        name="village-rating-reopen",
    ),
    path(f"{VILLAGE}file/", villages.village_rating_file, name="village-rating-file"),
]
urlpatterns = [*COVENANTS, *SCHEMES, *RATINGS, *VILLAGES]
