"""What a setting may say: origins, hosts, networks and rates, each read or refused plainly."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import limits

OFF = "off"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOSTNAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?")


def each(read: Callable[[str], str]) -> Callable[[object], object]:
    """Return a validator that reads every item of a comma-separated list."""

    def split(value: object) -> object:
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, (list, tuple)):
            return items
        return tuple(dict.fromkeys(read(str(item).strip()) for item in items if str(item).strip()))

    return split


def read_origin(value: str) -> str:
    """Return an origin as browsers send it. Raises ValueError unless it is exactly one origin."""
    wrong = ValueError(
        f"“{value}”不是一个来源；应写作 https://www.example.gov.cn，不带路径，也不能用 *。 / "
        f"“{value}” is not an origin: write https://www.example.gov.cn, without a path; no *."
    )
    parts = urlsplit(value)
    try:
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise wrong from None
    rest = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in _DEFAULT_PORTS or rest or not _is_host(host):
        raise wrong
    name = f"[{host}]" if ":" in host else host
    shown = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{name}{shown}"


def read_host(value: str) -> str:
    """Return a host name in lower case. Raises ValueError for a pattern, a port or a URL."""
    host = value.strip("[]").lower()
    if not _is_host(host):
        raise ValueError(
            f"“{value}”不是主机名；应写作 qa.example.gov.cn，不带协议和端口，也不能用 *。 / "
            f"“{value}” is not a host name: write qa.example.gov.cn, no scheme, no port, no *."
        )
    return host


def read_network(value: str) -> str:
    """Return an address or a network. Raises ValueError for anything else."""
    try:
        return (
            str(ipaddress.ip_network(value)) if "/" in value else str(ipaddress.ip_address(value))
        )
    except ValueError:
        raise ValueError(
            f"“{value}”不是 IP 地址或网段；应写作 10.0.0.5 或 10.0.0.0/24。 / "
            f"“{value}” is not an address or a network: write 10.0.0.5 or 10.0.0.0/24."
        ) from None


def read_rate(value: str) -> str:
    """Return a rate as written. Raises ValueError unless `limits` understands it or it is off."""
    try:
        return value if value == OFF or limits.parse(value).amount > 0 else _no_rate(value)
    except ValueError:
        return _no_rate(value)


def _no_rate(value: str) -> str:
    raise ValueError(
        f"“{value}”不是频率；应写作 120/minute（或 second、hour、day），不限则写 off。 / "
        f"“{value}” is not a rate: write 120/minute (or second, hour, day), or off."
    )


def _is_host(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return bool(_HOSTNAME.fullmatch(name)) and not name.replace(".", "").isdigit()
    return True
