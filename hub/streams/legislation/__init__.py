"""立法: a local regulation from the first call to its evaluation."""
