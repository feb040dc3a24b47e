"""Arguments and their errors in the words of the people who type them."""

import argparse
import re
import sys
from typing import NoReturn

_ERRORS = (
    (r"the following arguments are required: (.+)", r"还缺少：\1"),
    (r"unrecognized arguments: (.+)", r"不认识：\1"),
    (r"argument (.+?): expected one argument", r"\1 后面要跟一个值"),
    (r"argument (.+?): expected at least one argument", r"\1 后面至少要跟一个值"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1 不能是\2，可选：\3"),
    (r"argument (.+?): (.+)", r"\1：\2"),
)


class Parser(argparse.ArgumentParser):
    """An argument parser that says in Chinese what is wrong, exit status 2."""

    def error(self, message: str) -> NoReturn:
        """Say what was wrong and where to look."""
        print(f"{_translate(message)}。用法见 {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def _translate(message: str) -> str:
    for pattern, words in _ERRORS:
        if re.fullmatch(pattern, message):
            return re.sub(pattern, words, message)
    return message
