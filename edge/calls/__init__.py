"""Calls taken without a screen. Only `line` and `voices` import aiortc, and only when calls are wanted."""
