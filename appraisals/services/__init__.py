"""Every write of ratings, appraisals and honours."""
