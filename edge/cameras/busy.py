"""What is told of a camera that another program has."""


def busy(camera: str) -> str:
    """Given a camera's name, return that it is busy, what that means and what to do."""
    return (
        f"{camera}: busy, another program has it; if that is the service, the camera works (see `bottlebank status`), "
        "and this frees it: sudo systemctl stop bottlebank"
    )
