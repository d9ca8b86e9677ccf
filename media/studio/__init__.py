"""The worker beside the plane that writes and decodes: recordings, live streams, cuts, ready sound."""
