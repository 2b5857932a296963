"""The domains of the dashboards, in the order in which their figures are shown."""

from reports.figures.accounts import Accounts
from reports.figures.appraisals import Appraisals
from reports.figures.by_elections import ByElections
from reports.figures.desk import Desk
from reports.figures.domain import Domain
from reports.figures.issues import Issues
from reports.figures.meetings import Meetings
from reports.figures.money import Money
from reports.figures.past import PastVisits
from reports.figures.ratings import Ratings
from reports.figures.seats import Seats
from reports.figures.trainings import Trainings
from reports.figures.visiting import Visiting

DOMAINS: tuple[Domain, ...] = (
    Visiting(),
    Issues(),
    Desk(),
    PastVisits(),
    Meetings(),
    Seats(),
    ByElections(),
    Trainings(),
    Ratings(),
    Appraisals(),
    Money(),
    Accounts(),
)
