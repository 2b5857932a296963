"""The pairs of characters of a text, by which issues that say the same are suggested."""

from django.db import migrations

CREATE = """
CREATE FUNCTION sentiment_bigrams(said text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(DISTINCT substr(bare, n, 2)), '{}')
    FROM regexp_replace(said, '[[:space:][:punct:]，。、；：？！“”‘’（）《》…—]', '', 'g') bare,
        generate_series(1, length(bare) - 1) n
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("sentiment", "0006_hearing")]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION sentiment_bigrams(text)"),
    ]
