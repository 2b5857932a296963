"""Trainings of representatives: classes, who came, and whom none has reached yet."""
