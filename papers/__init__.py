"""Papers in the official layout, said once, as .docx and as a printed page."""
