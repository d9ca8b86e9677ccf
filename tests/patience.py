"""How long a test waits for what must come: only so that one that hangs ends, on however slow a machine."""

PATIENCE = 60.0
