"""Seats, representatives, mandates, vacancies, by-elections and trainings."""
