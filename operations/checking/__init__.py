"""What the doctor looks at: a sentence of what is wrong, and one of how to mend it."""
