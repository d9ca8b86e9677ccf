"""民意: what voters say to their deputies and stations, and what becomes of it until they say whether it helped."""
