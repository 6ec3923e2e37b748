"""Property tests have no deadline: how long an example takes depends on what else the machine is doing."""

from hypothesis import settings

settings.register_profile("without deadline", deadline=None)
settings.load_profile("without deadline")
