from pathlib import Path

from edge.assembly.parts import volatile_folder
from edge.config import Config, EnrollConfig, StateConfig

CONFIG = Config(enroll=EnrollConfig(Path("/a")), state=StateConfig(Path("/b")))


def test_a_folder_that_a_reboot_empties_is_named_with_what_to_do() -> None:
    said = volatile_folder(CONFIG, lambda folder: "overlay" if folder == Path("/b") else None)
    assert said and said.startswith("/b: what lies on overlay may be gone after the next boot; try: sudo ")
    assert volatile_folder(CONFIG, lambda folder: None) is None
