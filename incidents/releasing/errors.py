"""What is told to whoever makes a release."""


class ReleaseError(ValueError):
    """A release cannot be made as asked; the message says why and what would be right."""
