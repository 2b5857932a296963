"""Work funds of villages, and what representatives are paid for lost time."""
