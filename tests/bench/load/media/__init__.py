"""The load of the media bench, and the servers it is put on."""
