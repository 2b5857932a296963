"""Addresses of money."""

from django.urls import path

from funding.views import funds, resolutions, sheets, statements

app_name = "funding"
urlpatterns = [
    path("funds/", funds.funds, name="funds"),
    path("funds/in/<int:code>/", funds.funds_below, name="funds-below"),
    path("funds/open/", funds.fund_open, name="fund-open"),
    path("funds/allot/", funds.funds_allot, name="funds-allot"),
    path("funds/<int:pk>/", funds.fund, name="fund"),
    path("funds/<int:pk>/paper/", funds.fund_paper, name="fund-paper"),
    path("funds/<int:pk>/spend/", funds.spend, name="spend"),
    path("funds/<int:pk>/receive/", funds.receive, name="receive"),
    path("funds/<int:pk>/carry/", funds.carry, name="carry"),
    path("funds/entries/<uuid:pk>/reverse/", funds.reverse, name="reverse"),
    path("subsidies/", sheets.subsidies, name="subsidies"),
    path("subsidies/in/<int:code>/", sheets.subsidies_below, name="subsidies-below"),
    path("subsidies/make/", sheets.sheet_make, name="sheet-make"),
    path("subsidies/mine/", statements.mine, name="mine"),
    path("subsidies/<int:pk>/", sheets.sheet, name="sheet"),
    path("subsidies/<int:pk>/paper/", sheets.sheet_paper, name="sheet-paper"),
    path("subsidies/<int:pk>/step/<slug:step>/", sheets.sheet_step, name="sheet-step"),
    path("subsidies/of/<int:pk>/", statements.statement, name="statement"),
    path(
        "subsidies/of/<int:pk>/paper/",
        statements.statement_paper,
        name="statement-paper",
    ),
    path("subsidies/of/<int:pk>/account/", statements.account, name="account"),
    path(
        "subsidies/of/<int:pk>/account/reveal/",
        statements.account_reveal,
        name="account-reveal",
    ),
    path("resolutions/new/", resolutions.resolution_new, name="resolution-new"),
    path("resolutions/<int:pk>/", resolutions.resolution, name="resolution"),
    path(
        "resolutions/<int:pk>/withdraw/",
        resolutions.resolution_withdraw,
        name="resolution-withdraw",
    ),
    path("money/scans/<int:pk>/", statements.scan, name="scan"),
    path("money/standards/", statements.standards_page, name="standards"),
]
