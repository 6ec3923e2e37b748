"""What the exit codes mean; the numbers from 64 on are those of sysexits.h."""

from edge.errors import (
    BadArguments,
    BadConfig,
    BadModel,
    CameraError,
    EdgeError,
    InternalError,
    NewerDatabase,
    StateInUse,
    StoreError,
)

OK = 0
SOME_FAILED = 1
USAGE = 2
UNAVAILABLE = 69
SOFTWARE = 70
IO = 74
IN_USE = 75
CONFIG = 78
INTERRUPTED = 130
PIPE = 141

MEANING = {
    OK: "all went well",
    SOME_FAILED: "some photos, images or folders could not be used or taken, the rest were; or the demo went wrong",
    USAGE: "the command line makes no sense; the message says why",
    UNAVAILABLE: "the camera, the media or the model is not available or does not work",
    SOFTWARE: "a fault of Bottlebank itself; please report it with what it printed",
    IO: "a database or file could not be read or written",
    IN_USE: "another service works on the state folder; the message names its process",
    CONFIG: "the configuration has faults, each reported with its line; or a database is of a newer version",
    INTERRUPTED: "interrupted by Ctrl-C",
    PIPE: "the reader of the output has gone, as with `| head`",
}


def code(error: EdgeError | OSError) -> int:
    """Given an error that ends a command, return its exit code."""
    if isinstance(error, BadArguments):
        return USAGE
    if isinstance(error, BadConfig | NewerDatabase):
        return CONFIG
    if isinstance(error, InternalError):
        return SOFTWARE
    if isinstance(error, StateInUse):
        return IN_USE
    if isinstance(error, BadModel | CameraError):
        return UNAVAILABLE
    if isinstance(error, StoreError) or not isinstance(error, EdgeError):
        return IO
    return SOME_FAILED
