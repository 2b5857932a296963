"""What is filled in of ratings, appraisals and honours."""
