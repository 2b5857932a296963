"""Visits, the due rule, overdue flags, waivers and reminders."""
