"""Rules of 双约双评: covenants, schemes, scores, the course of a rating. Plain Python."""
