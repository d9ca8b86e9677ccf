"""What the lives of this room stand under in a menu."""

from hub.kernel.lifecycle import Sentence

DUTIES: Sentence = ("履职", "Duties")
