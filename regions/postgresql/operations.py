"""Values on their way into statements."""

from typing import Any

from django.db.backends.postgresql import operations


class DatabaseOperations(operations.DatabaseOperations):
    """Django's, with whole numbers never cut off."""

    def adapt_integerfield_value(self, value: Any, internal_type: str) -> Any:
        """Return `value` as its field has it; in a type of its own where it would not fit.

        The driver sends what does not fit into four bytes without its upper half.
        `F("region_id") + 0`, an integer to Django, was compared with half a code.
        """
        if isinstance(value, int) and not self._holds(internal_type, value):
            return value  # the driver takes eight bytes, or a numeric
        return super().adapt_integerfield_value(value, internal_type)

    def _holds(self, internal_type: str, value: int) -> bool:
        low, high = self.integer_field_range(internal_type)
        return low <= value <= high
