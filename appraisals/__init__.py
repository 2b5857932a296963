"""双约双评: covenants, schemes and ratings; the yearly appraisal and honours."""
