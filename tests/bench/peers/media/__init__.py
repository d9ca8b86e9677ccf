"""Who is measured beside each other: the plane, Janus, aiortc."""
