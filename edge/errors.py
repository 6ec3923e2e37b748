"""The error tree.

EdgeError
└── BadCrop (ValueError)   a picture that no model input can be made from
"""


class EdgeError(Exception):
    """Anything Bottlebank reports to the user in one line."""


class BadCrop(EdgeError, ValueError):
    """A picture that no model input can be made from."""
