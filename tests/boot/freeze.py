"""Stops one thread of another process, as a fault in it would: the other threads go on. See ptrace(2)."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

ATTACH, DETACH = 16, 17
ALL = 0x40000000  # __WALL: threads too
_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


@contextmanager
def frozen(thread: int) -> Iterator[None]:
    """Given a thread's number, keep it stopped. Raise OSError if it cannot be."""
    if _libc.ptrace(ATTACH, thread, None, None):
        raise OSError(ctypes.get_errno(), f"thread {thread} cannot be stopped")
    os.waitpid(thread, ALL)
    try:
        yield
    finally:
        if _libc.ptrace(DETACH, thread, None, None):  # it is dead, and nobody else may bury it before we do
            with suppress(ChildProcessError):
                os.waitpid(thread, ALL | os.WNOHANG)


def dead(process: int) -> bool:
    """Whether a process has ended."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True
