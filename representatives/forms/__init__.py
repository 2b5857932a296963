"""Forms of representatives and seats, and the fields and edit form others share."""
