"""The error tree. Every message is one line: what was given, what was expected, what to do.

EdgeError
├── BadArguments (ValueError)  a command line that makes no sense; exit code 2
├── BadConfig (ValueError)     configuration that cannot be used; exit code 78
├── BadModel (ValueError)      a model, or a card that does not fit it
├── BadCrop (ValueError)       a picture that no model input can be made from
├── BadPhoto (ValueError)      an enrollment photo or probe that cannot be used
├── CameraError (OSError)      a camera that is missing, busy, stalled or gives the wrong frames
├── StoreError (OSError)       a database that cannot be opened, read or written
│   ├── DatabaseDamaged        a database that was damaged: it is set aside, and a new one is in use
│   └── NewerDatabase          a database that a newer program made
├── StateInUse (OSError)       a state folder that another service works on
└── InternalError (RuntimeError)  a fault of Bottlebank itself
"""


class EdgeError(Exception):
    """Anything Bottlebank reports to the user in one line."""


class BadArguments(EdgeError, ValueError):
    """A command line that makes no sense."""


class BadConfig(EdgeError, ValueError):
    """Configuration that cannot be used."""


class BadModel(EdgeError, ValueError):
    """A model, or a card that does not fit it."""


class BadCrop(EdgeError, ValueError):
    """A picture that no model input can be made from."""


class BadPhoto(EdgeError, ValueError):
    """An enrollment photo or probe that cannot be used."""


class CameraError(EdgeError, OSError):
    """A camera that is missing, busy, stalled or gives the wrong frames."""


class StoreError(EdgeError, OSError):
    """A database that cannot be opened, read or written."""


class DatabaseDamaged(StoreError):
    """A database that was damaged: it is set aside, and a new one is in use."""


class NewerDatabase(StoreError):
    """A database that a newer program made."""


class StateInUse(EdgeError, OSError):
    """A state folder that another service works on."""


class InternalError(EdgeError, RuntimeError):
    """A fault of Bottlebank itself."""
