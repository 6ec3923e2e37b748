"""Shell completion of the command line, by shtab, which writes a script of all commands and options."""

from argparse import ArgumentParser, _SubParsersAction

from edge.errors import BadArguments


def completion(parser: ArgumentParser, shell: str) -> str:
    """Given the parser with every command loaded and the name of a shell, return the script that it is to read.

    Raise BadArguments if shtab is not installed or does not know the shell.
    """
    try:
        import shtab  # an extra
    except ImportError as error:
        raise BadArguments("--print-completion needs shtab; try: pip install shtab") from error
    if shell not in shtab.SUPPORTED_SHELLS:
        raise BadArguments(f"--print-completion {shell}: expected one of {', '.join(shtab.SUPPORTED_SHELLS)}")
    for subparsers in parser._actions:
        if isinstance(subparsers, _SubParsersAction):
            for command in subparsers.choices.values():
                for action in command._actions:
                    if str(action.metavar).startswith(("DIR", "FOLDER")):
                        action.complete = shtab.DIRECTORY
                    elif str(action.metavar).startswith(("FILE", "IMAGE", "VIDEO")):
                        action.complete = shtab.FILE
    return str(shtab.complete(parser, shell))
