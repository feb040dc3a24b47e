"""A chat message as the group shows it: the few marks that both platforms render, nothing else."""

import re

from markupsafe import Markup, escape

_TOKEN = re.compile(
    r"\*\*(?P<bold>[^*\n]{1,2000})\*\*"
    r"|\[(?P<label>[^\]\n]{1,200})\]\((?P<target>https?://[^\s()<>]{1,2000})\)"
    r"|(?P<bare>https?://[^\s()<>，。；、]{1,2000})"
    r"|(?P<mention><@[^<>\s]{1,80}>|@[0-9A-Za-z_.+-]{1,80})"
)


def bubble(text: str) -> Markup:
    """Give a message as HTML in which only bold words, links and mentions are more than text.

    >>> bubble("**任务** <script> [点此答复](https://aj.example/a/1) <@zhoumin>")
    Markup('<b>任务</b> &lt;script&gt; <a href="https://aj.example/a/1">点此答复</a> <span class="at">@zhoumin</span>')
    """  # noqa: E501 one line of HTML
    parts: list[Markup] = []
    at = 0
    for found in _TOKEN.finditer(text):
        parts += (escape(text[at : found.start()]), _mark(found))
        at = found.end()
    return Markup().join((*parts, escape(text[at:])))


def _mark(found: re.Match[str]) -> Markup:
    if found["bold"]:
        return Markup("<b>{}</b>").format(found["bold"])
    if found["mention"]:
        return Markup('<span class="at">@{}</span>').format(found["mention"].strip("<@>"))
    target = found["target"] or found["bare"]
    return Markup('<a href="{}">{}</a>').format(target, found["label"] or target)
