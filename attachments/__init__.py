"""Photos, voice notes and scans that belong to something: kept, judged and served."""
