"""By-elections under the scope, their history, and one question about the whole city.

`representatives_is_serving` says whether a person, known by blind index, has a mandate
anywhere: one mandate per person is a rule of the whole city (L08), and a candidate must
be told before the vote. It says no more than the unique key on mandates does anyhow.
"""

from django.db import migrations

from accounts.history import TrackHistory
from regions.operations import EnableScope, NarrowToRepresentative

MODELS = ("ByElection", "Vacancy", "Candidate", "Round", "Vote", "SurveyConfirmation")
IS_SERVING = """
CREATE FUNCTION representatives_is_serving(asked text) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    lo text := COALESCE(current_setting('app.lo', true), '');
    hi text := COALESCE(current_setting('app.hi', true), '');
    own text := COALESCE(current_setting('app.representative', true), '');
    found_one boolean;
BEGIN
    PERFORM set_config('app.lo', '0', true), set_config('app.hi', '1000000000000', true),
        set_config('app.representative', '', true);
    found_one := EXISTS (
        SELECT FROM representatives_mandate
        WHERE person_index = asked AND ended_on IS NULL);
    PERFORM set_config('app.lo', lo, true), set_config('app.hi', hi, true),
        set_config('app.representative', own, true);
    RETURN found_one;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("representatives", "0003_by_elections"),
        ("notices", "0002_scope"),
    ]

    operations = [
        *(EnableScope(model) for model in MODELS),
        *(NarrowToRepresentative(model, "false") for model in MODELS),
        TrackHistory("representatives_byelection", unseen=("version",)),
        TrackHistory("representatives_vacancy"),
        TrackHistory("representatives_candidate"),
        TrackHistory("representatives_round"),
        TrackHistory("representatives_vote"),
        TrackHistory("representatives_surveyconfirmation"),
        migrations.RunSQL(IS_SERVING, "DROP FUNCTION representatives_is_serving(text)"),
    ]
