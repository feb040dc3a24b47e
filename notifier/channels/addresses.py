"""Where a robot is: from what the office pasted to the one address that is called.

A message with people's names goes to the platforms' own hosts, to the host of the configured base
address and to the hosts in JIAOYING_TRUSTED_HOSTS, and to no other.
"""

import contextlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from obligations.errors import Misconfigured
from obligations.rules.model import ChannelSpec

TRUSTED_HOSTS = "JIAOYING_TRUSTED_HOSTS"
_KEY = re.compile(r"[A-Za-z0-9_-]{1,200}")
_NAME = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One platform's robot interface: the setting that moves it, its own host, path, parameter.

    ``in_path``: the key is the last part of the path, and ``parameter`` only its name in sentences.
    ``own``: it is no platform but the office's own machine, reached by one of these schemes.
    """

    setting: str = ""
    base: str = ""
    path: str = ""
    parameter: str = ""
    in_path: bool = False
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Webhook:
    """The address to call and the key in it, which no sentence may show."""

    url: httpx.URL = field(repr=False)
    key: str = field(repr=False)


def setting(spec: ChannelSpec, written: str, settings: Mapping[str, str], what: str) -> str:
    """Give the value behind ``$NAME``, or the value itself where no name is written."""
    named = _NAME.fullmatch(written.strip())
    if not named:
        return written.strip()
    value = settings.get(named[1], "").strip().strip("\"'")
    if not value:
        raise _wrong(spec, f"{what}写的是${named[1]}，但环境变量和.env里没有它。请在.env里加上一行")
    return value


def required(spec: ChannelSpec, written: str, settings: Mapping[str, str], what: str) -> str:
    """Give the value behind ``$NAME`` that the channel cannot do without."""
    value = setting(spec, written, settings, what)
    if not value:
        raise _wrong(spec, f"没有写{what}。请在rules.yaml里写上设置的名字（以$开头），值写进.env")
    return value


def webhook(spec: ChannelSpec, endpoint: Endpoint, settings: Mapping[str, str]) -> Webhook:
    """Give the address to call for a whole webhook address or a bare key."""
    pasted = setting(spec, spec.address, settings, "地址")
    base = base_url(endpoint, settings)
    if not _SCHEME.match(pasted):
        return _at(base, endpoint, _bare(spec, pasted))
    url = _parsed(spec, pasted)
    _refuse_other_hosts(spec, url, base, endpoint, settings)
    key = _key(url, endpoint)
    if not _KEY.fullmatch(key):
        raise _wrong(spec, f"地址里没有{endpoint.parameter}。请从群机器人的设置里重新复制整个地址")
    if _is_at(url, base, endpoint):
        return _at(base, endpoint, key)
    params = None if endpoint.in_path else {endpoint.parameter: key}
    return Webhook(url.copy_with(query=None, fragment=None).copy_with(params=params), key)


def own_url(spec: ChannelSpec, endpoint: Endpoint, settings: Mapping[str, str]) -> httpx.URL:
    """Give the address of the office's own gateway or mail server.

    It stands in the settings and never in rules.yaml, so whoever edits the rules cannot send
    people's numbers elsewhere; that is why it needs no list of hosts.
    """
    if not is_named(spec.address):
        what = "地址应当写成$名称，网址本身放进.env，不写在规则文件里"
        raise _wrong(spec, what)
    url = _own(setting(spec, spec.address, settings, "地址"))
    if url is None or url.scheme not in endpoint.own:
        likes = "或".join(f"{scheme}://" for scheme in endpoint.own)
        raise _wrong(spec, f"{spec.address.strip()}里的地址读不懂，应当以{likes}开头")
    if url.scheme == "http" and not is_loopback(url.host):
        raise _wrong(spec, "地址应当以https://开头，只有本机可以用http")
    return url


def own_secret(spec: ChannelSpec, settings: Mapping[str, str], what: str) -> str:
    """Give the secret shared with the office's own machine, which is never in rules.yaml."""
    if not is_named(spec.secret):
        raise _wrong(spec, f"{what}应当写成$名称，本身放进.env，不写在规则文件里")
    return setting(spec, spec.secret, settings, what)


def is_named(written: str) -> bool:
    """Tell whether a value is the name of a setting and not the value itself.

    >>> is_named("$SMS_GATEWAY"), is_named("https://gw.qx.example/send")
    (True, False)
    """
    return _NAME.fullmatch(written.strip()) is not None


def _own(written: str) -> httpx.URL | None:
    with contextlib.suppress(httpx.InvalidURL):
        url = httpx.URL(written)
        return url if url.host and not url.password and not url.fragment else None
    return None


def base_url(endpoint: Endpoint, settings: Mapping[str, str]) -> httpx.URL:
    """Give the base address of a platform's interface: as configured, else its own."""
    written = settings.get(endpoint.setting, "").strip() or endpoint.base
    try:
        url = httpx.URL(written)
    except httpx.InvalidURL as error:
        wrong = f"设置{endpoint.setting}不是网址，应当像{endpoint.base}"
        raise Misconfigured(wrong) from error
    sealed = httpx.URL(endpoint.base).scheme
    if not _is_safe(url, sealed) or url.userinfo or url.query:
        plain = sealed.removesuffix("s")
        only = f"应当是{sealed}地址（只有本机可以用{plain}），像{endpoint.base}"
        wrong = f"设置{endpoint.setting}{only}"
        raise Misconfigured(wrong)
    return url


def _key(url: httpx.URL, endpoint: Endpoint) -> str:
    if not endpoint.in_path:
        return str(url.params.get(endpoint.parameter, ""))
    before, _, key = url.path.rpartition("/")
    return key if before.endswith(endpoint.path.rpartition("/")[2]) else ""


def _at(base: httpx.URL, endpoint: Endpoint, key: str) -> Webhook:
    path = base.path.rstrip("/") + endpoint.path
    if endpoint.in_path:
        return Webhook(base.copy_with(path=f"{path}/{key}"), key)
    return Webhook(base.copy_with(path=path, params={endpoint.parameter: key}), key)


def _bare(spec: ChannelSpec, pasted: str) -> str:
    if not _KEY.fullmatch(pasted):
        raise _wrong(
            spec, "地址既不是以https://开头的网址，也不像一个key。请从群机器人的设置里重新复制"
        )
    return pasted


def _parsed(spec: ChannelSpec, pasted: str) -> httpx.URL:
    url: httpx.URL | None = None
    with contextlib.suppress(httpx.InvalidURL):
        url = httpx.URL(pasted)
    if url is None or url.userinfo or not url.host:
        raise _wrong(spec, "地址读不懂。请从群机器人的设置里重新复制整个地址")
    return url


def _refuse_other_hosts(
    spec: ChannelSpec,
    url: httpx.URL,
    base: httpx.URL,
    endpoint: Endpoint,
    settings: Mapping[str, str],
) -> None:
    if not (_is_at(url, base, endpoint) or _is_trusted(url, settings)):
        raise _wrong(
            spec,
            f"地址指向{_host(url)}，它不是{spec.platform}的主机（{_host(base)}）。请核对平台和地址；"
            f"如果这是本单位自己的平台，请把它写进设置{TRUSTED_HOSTS}",
        )
    if not _is_safe(url):
        raise _wrong(spec, f"地址应当以https://开头（现在是{url.scheme}://），只有本机可以用http")


def _is_at(url: httpx.URL, base: httpx.URL, endpoint: Endpoint) -> bool:
    """Tell whether the address is the platform's own: its host, or the one configured for it."""
    return _host(url) in {_host(base), _host(httpx.URL(endpoint.base))}


def _is_trusted(url: httpx.URL, settings: Mapping[str, str]) -> bool:
    trusted = re.split(r"[\s,;，；]+", settings.get(TRUSTED_HOSTS, "").lower())
    return not {url.host, _host(url)}.isdisjoint(filter(None, trusted))


def _host(url: httpx.URL) -> str:
    """Give host and port, the port only where it is not the usual one."""
    return url.host if url.port is None else f"{url.host}:{url.port}"


def _is_safe(url: httpx.URL, sealed: str = "https") -> bool:
    plain = sealed.removesuffix("s")
    return url.scheme == sealed or (url.scheme == plain and is_loopback(url.host))


def is_loopback(host: str) -> bool:
    """Tell whether the host is this very machine: 127.0.0.1, ::1, localhost."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _wrong(spec: ChannelSpec, what: str) -> Misconfigured:
    return Misconfigured(f"通道“{spec.name}”：{what}。")
