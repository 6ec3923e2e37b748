"""Say of the configuration, the camera, the model and the bank whether they work, and what to do where not."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from edge import exits
from edge.config import SYSTEM_FILE, Config
from edge.errors import BadConfig, EdgeError
from edge.verbs.options import add_config, configuration


def add_arguments(parser: ArgumentParser) -> None:
    """Add the verb's options."""
    add_config(parser, state=True, enroll=True)


def run(args: Namespace) -> int:
    """Print one line for each part; return the exit code of the first that is at fault."""
    try:
        config = configuration(args)
    except BadConfig as error:
        for line in str(error).splitlines():
            print(f"fault  configuration  {line}")
        return exits.CONFIG
    source = args.config or (SYSTEM_FILE if SYSTEM_FILE.exists() else "every key at its default")
    print(f"ok     configuration  {source}")
    code = exits.OK
    for name, part in PARTS.items():
        try:
            print(f"ok     {name:13}  {part(config)}", flush=True)
        except (EdgeError, OSError) as error:
            print(f"fault  {name:13}  {error}", flush=True)
            code = code or exits.code(error)
    return code


def model(config: Config) -> str:
    """Given the configuration, return what its model is. Raise BadModel if it does not work."""
    from edge.pipeline.embed import Embedder

    embedder = Embedder(config.model.path, config.model.threads, config.model.delegate)
    card = embedder.card
    runtime = embedder.runtime.split(".")[0]
    return (
        f"{config.model.path}, id {card.id[:12]}, {card.precision}, {card.size} pixels to {card.dimension} numbers, "
        f"threshold {card.threshold:.3f}, on {runtime}"
    )


PARTS: dict[str, Callable[[Config], str]] = {"model": model}
