"""What a processor raises when it cannot process an article."""


class Unprocessable(ValueError):
    """The article cannot be processed; the message says why in one line. It becomes a dead letter."""
