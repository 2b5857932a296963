"""Pages of ratings, appraisals and honours."""
