"""What the exit codes mean; the numbers from 64 on are those of sysexits.h."""

from edge.errors import BadArguments, BadConfig, BadModel, CameraError, EdgeError, StoreError

OK = 0
SOME_FAILED = 1
USAGE = 2
UNAVAILABLE = 69
IO = 74
CONFIG = 78
INTERRUPTED = 130
PIPE = 141

MEANING = {
    OK: "all went well",
    SOME_FAILED: "some photos, images or folders could not be used or taken, the rest were; or the demo went wrong",
    USAGE: "the command line makes no sense; the message says why",
    UNAVAILABLE: "the camera, the media or the model is not available or does not work",
    IO: "a database or file could not be read or written",
    CONFIG: "the configuration has faults; each is reported with its line",
    INTERRUPTED: "interrupted by Ctrl-C",
    PIPE: "the reader of the output has gone, as with `| head`",
}


def code(error: EdgeError | OSError) -> int:
    """Given an error that ends a command, return its exit code."""
    if isinstance(error, BadArguments):
        return USAGE
    if isinstance(error, BadConfig):
        return CONFIG
    if isinstance(error, BadModel | CameraError):
        return UNAVAILABLE
    if isinstance(error, StoreError) or not isinstance(error, EdgeError):
        return IO
    return SOME_FAILED
