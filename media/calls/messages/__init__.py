"""The words of the room: what is asked, recorded and shown; made of `shapes`."""
