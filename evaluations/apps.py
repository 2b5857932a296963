"""App configuration."""

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """双约双评: covenants, schemes and ratings; the yearly appraisal and honours."""

    name = "evaluations"
    verbose_name = "双约双评"

    def ready(self) -> None:
        """Offer the ledgers of households' and villages' ratings."""
        from evaluations import resources, village_resources  # noqa: F401
