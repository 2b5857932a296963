"""What is asked of ratings and appraisals, in plain Python."""
