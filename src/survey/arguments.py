"""What functions check of their arguments before any work: the same word is refused in the same way."""

from pathlib import Path
from typing import Any

from survey.errors import UsageError, usage
from survey.messages import LANGUAGES


def check_lang(lang: object, *declared: str) -> None:
    """Refuse a language that neither the catalogue nor the schema at hand has (`declared`: its languages)."""
    known = list(dict.fromkeys((*LANGUAGES, *declared)))
    if not isinstance(lang, str) or lang not in known:
        raise usage("language_unknown", lang=lang, known=known)


def check_seed(seed: object) -> None:
    """Refuse a seed that is no whole number of zero or more."""
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise usage("seed_unusable", seed=seed)


def check_flag(name: str, flag: object) -> None:
    """Refuse what is neither True nor False: a word such as "no" would mean yes."""
    if not isinstance(flag, bool):
        raise usage("flag_unusable", name=name, given=repr(flag))


def check_question(name: object) -> None:
    """Refuse what is not the name of one question: a list, a number, nothing, two crossed ones (`a*b`)."""
    if not isinstance(name, str):
        raise unfit("question_needed", name)
    if "*" in name:
        raise usage("question_crossed", name=name)


def path_of(path: Any) -> Path:
    """Take text or a `Path` as a path; refuse anything else."""
    if isinstance(path, str | Path):
        return Path(path)
    raise unfit("path_needed", path)


def file_of(path: Any, *, folder: str = "file_is_folder") -> Path:
    """Take a path to a file; refuse a folder (the message `folder`), a stream, and what is not there."""
    file = path_of(path)
    try:
        is_folder, is_file, is_there = file.is_dir(), file.is_file(), file.exists()
    except (OSError, ValueError):  # a name that no file can have: too long, or with a zero byte
        is_folder = is_file = is_there = False
    if is_folder:
        raise usage(folder, path=file)
    if not is_file:
        raise usage("file_is_stream" if is_there or str(file) == "-" else "file_not_found", path=file)
    return file


def unfit(key: str, given: object) -> UsageError:
    """The error that says what an argument takes (the message `key`), and what was given instead."""
    return usage(key, given="None" if given is None else type(given).__name__)
