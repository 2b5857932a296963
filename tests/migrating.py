"""`python -m tests.migrating` migrates the template and loads the real divisions.

The migrations are the product's, applied by Django's own executor; what is spared is
drawing models anew that an operation leaves as they are. For each new model Django
draws whatever its foreign keys lead to, step by step nearly all of them, and for each
index the model's neighbours: half of the time that a migration from nothing took.
`make check` and `make demo` migrate without this.
"""

import os
from typing import Any

import django
from django.core.management import call_command
from django.db.migrations.state import ModelState, ProjectState


class Sparing:
    """The steps of Django's project state that draw no more than what has changed."""

    def add_model(self: Any, model_state: ModelState) -> None:
        """Draw the new model alone: its relations join the others, which stay."""
        key = model_state.app_label, model_state.name_lower
        self.models[key] = model_state
        if self._relations is not None:
            self.resolve_model_relations(key)
        if "apps" in self.__dict__:  # asked by `hasattr` it would be drawn
            self.apps.render_multiple([model_state])

    def _append_option(self: Any, app: str, name: str, option: str, new: Any) -> None:
        """Note an index or a constraint."""
        options = self.models[app, name].options
        options[option] = [*options[option], new]
        self.draw(app, name)

    def _remove_option(self: Any, app: str, name: str, option: str, old: str) -> None:
        """Take an index or a constraint away."""
        options = self.models[app, name].options
        options[option] = [one for one in options[option] if one.name != old]
        self.draw(app, name)

    def draw(self: Any, app: str, name: str) -> None:
        """Draw one model anew; what runs Python next draws all, as after any delay."""
        if "apps" in self.__dict__:
            self.is_delayed = True
            self._reload({(app, name)})


def main() -> None:
    """Migrate what `DATABASE_OWNER_URL` names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shaodong.settings")
    django.setup()
    for name in ("add_model", "_append_option", "_remove_option", "draw"):
        setattr(ProjectState, name, vars(Sparing)[name])
    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("load_regions", skip_checks=True)


if __name__ == "__main__":
    main()
