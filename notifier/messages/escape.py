"""What people typed, made harmless for a chat: no mark-up, no mention, no link of their own.

Neither platform documents an escape for its markdown, so a character that means something to it is
replaced by its full-width twin, which reads the same in Chinese text and means nothing.
"""

import re
import unicodedata

_TWINS = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in "*_`[]()<>#@&|~\\"})
_TEXT_TWINS = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in "<>@&"})
_SPACES = re.compile(r"\s+")
_SCHEME = re.compile(r":(?=[/\\／])|(?<=mailto):|(?<=javascript):", re.IGNORECASE)
_DOMAIN_DOT = re.compile(r"(?<=[^\W_])[.](?=[^\W\d_])")
_LINK = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_UNSAFE_IN_LINK = re.compile(r"[^A-Za-z0-9\-._~:/?#!$&+,;=%]")
_ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
_MOBILE = re.compile(r"\+?[0-9]{1,4}-?[0-9]{5,15}")
_MAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
_SCHEME_WHOLE = re.compile(r"(?:https?|ftp|javascript|mailto):/{0,2}", re.IGNORECASE)
_UNSPEAKABLE = re.compile(r"[*_`\[\]<>#@&|~\\/{}=$^]|[.](?=[^\W\d_])")
_EMOJI = re.compile(r":(?=[A-Za-z0-9_]{1,40}:)")
_LONGEST_LINK = 1000
_EVERYBODY = frozenset({"all", "@all", "everyone"})


class _Visible(dict[int, str]):
    """What each character becomes, found once: `str.translate` asks for it by number.

    Characters of the private area and of later Unicode stay, as rare names are written with them.
    """

    def __missing__(self, number: int) -> str:
        self[number] = found = _visible(chr(number))
        return found


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    nothing = category in {"Cc", "Cf"} or ord(char) & 0xFFFE == 0xFFFE  # noqa: PLR2004 -- no characters by definition
    return "" if nothing else char


_VISIBLE = _Visible()


def fold(text: str) -> str:
    r"""Give the text on one line, without control and direction marks.

    >>> fold("召开会议\r\n  研究\u202e防汛")
    '召开会议 研究防汛'
    """
    return _SPACES.sub(" ", text.translate(_VISIBLE)).strip()


def plain(text: str) -> str:
    """Give the text as it may stand in a text message, where ``<@userid>`` would still call.

    >>> plain("<@all> 点 http://evil.example 领奖")
    '＜＠all＞ 点 http：//evil．example 领奖'
    """
    return _unlinked(fold(text)).translate(_TEXT_TWINS)


def markdown(text: str) -> str:
    """Give the text as it may stand in either platform's markdown.

    >>> markdown("**停工**[查看](http://evil.example)")
    '＊＊停工＊＊［查看］（http：//evil．example）'
    """
    return _unlinked(fold(text)).translate(_TWINS)


def feishu(text: str) -> str:
    """Give the text as it may stand in Feishu's markdown, which also draws ``:OK:`` as a face.

    >>> feishu("<at id=all></at> :OK: 9:00")
    '＜at id=all＞＜/at＞ ：OK: 9:00'
    """
    return _EMOJI.sub("：", markdown(text))


def spoken(text: str) -> str:
    """Give the text as a voice may read it: no link, no mark-up.

    >>> spoken("**立即转移** http://evil.example/a")
    '立即转移 evil example a'
    """
    return fold(_UNSPEAKABLE.sub(" ", _SCHEME_WHOLE.sub(" ", fold(text))))


def _unlinked(text: str) -> str:
    """Break what the apps would turn into a link by themselves: a scheme, a domain."""
    return _DOMAIN_DOT.sub("．", _SCHEME.sub("：", text))


def link(address: str) -> str:
    """Give the address with nothing in it that could end a markdown link; "" if it is none.

    What is longer than any link of ours is none.

    >>> link("https://a.gov.cn/d/x)(<@all>")
    'https://a.gov.cn/d/x%29%28%3C%40all%3E'
    """
    safe = _UNSAFE_IN_LINK.sub(_percent, address) if _LINK.match(address) else ""
    return safe if len(safe) <= _LONGEST_LINK else ""


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))


def account(text: str) -> str:
    """Give the account if it names one person, else "": nobody can smuggle in 所有人.

    >>> account("zhoumin"), account("@all"), account("ALL"), account("x> <@all")
    ('zhoumin', '', '', '')
    """
    text = text.strip()
    return text if _ACCOUNT.fullmatch(text) and text.lower() not in _EVERYBODY else ""


def mobile(text: str) -> str:
    """Give the number if it is one, else "".

    >>> mobile("13800000000"), mobile("@all"), mobile("138 0000 0000")
    ('13800000000', '', '13800000000')
    """
    text = text.replace(" ", "")
    return text if _MOBILE.fullmatch(text) else ""


def mail(text: str) -> str:
    r"""Give the mail address if it is one and nothing but one, else "".

    >>> mail(" zhoumin@qx.example "), mail("a@b.cn\r\nBcc: x@evil.example"), mail("zhoumin")
    ('zhoumin@qx.example', '', '')
    """
    text = text.strip()
    return text if _MAIL.fullmatch(text) else ""


def cut(text: str, count: int) -> str:
    """Give the text in at most so many characters, … where it ends.

    >>> cut("研究安全生产重大问题", 5)
    '研究安全…'
    """
    if len(text) <= count:
        return text
    kept = text[: max(count - 1, 0)]
    while kept and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return kept + "…" if count > 0 else ""


def clip(text: str, size: int) -> str:
    """Give the text in at most ``size`` UTF-8 bytes, no character cut in two, … where it ends.

    >>> clip("研究安全生产重大问题", 15)
    '研究安全…'
    """
    encoded = text.encode()
    if len(encoded) <= size:
        return text
    kept = encoded[: max(size - len("…".encode()), 0)].decode("utf-8", "ignore")
    while kept and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return kept + "…" if size >= len("…".encode()) else ""
