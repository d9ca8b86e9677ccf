"""随手拍: what a deputy sees on the way, sent from the phone, and what becomes of it."""
