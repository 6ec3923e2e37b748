"""A V4L2 camera's own filter against the flicker of lamps, which OpenCV cannot set (V4L2_CID_POWER_LINE_FREQUENCY)."""

import fcntl
import os
import struct

SET_CONTROL = 0xC008561C
"""VIDIOC_S_CTRL: a struct v4l2_control of the control's number and its value."""

POWER_LINE_FREQUENCY = 0x00980918
VALUES = {"50": 1, "60": 2, "auto": 3}


def set_power_line(device: str, mains: str) -> bool:
    """Given a device file and the frequency of the mains (50, 60 or auto), return whether the camera takes it."""
    try:
        file = os.open(device, os.O_RDWR | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.ioctl(file, SET_CONTROL, struct.pack("=Ii", POWER_LINE_FREQUENCY, VALUES[mains]))
    except OSError:
        return False
    finally:
        os.close(file)
    return True
