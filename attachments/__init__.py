"""Photos, voice notes and scans, checked and kept in the scope."""
