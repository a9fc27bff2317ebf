"""Settings from the environment, read at the entry point only."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import limits
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "ZAOWEN_"
OFF = "off"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_WILDCARDS = ("0.0.0.0", "::")
_HOSTNAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?")


def _each(read: Callable[[str], str]) -> Callable[[object], object]:
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


Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_each(read_origin))]
Hosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_each(read_host))]
Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_each(read_network))]
Rate = Annotated[str, AfterValidator(read_rate)]


class Settings(BaseSettings):
    """`ZAOWEN_…` variables; defaults are closed. A description is what `--help` says."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, validate_default=True)

    encoder: Annotated[
        str | None, Field(description="句向量模型的文件夹 / folder of the embedding model")
    ] = None
    seeds: Annotated[Path, Field(description="实录原文所在文件夹 / folder of the source texts")] = (
        Path("seeds")
    )
    index: Annotated[Path, Field(description="索引所在文件夹 / folder of the index")] = Path(
        "var/index"
    )
    host: Annotated[str, Field(description="监听地址 / address to listen on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="监听端口 / port to listen on")] = 7860
    allowed_origins: Annotated[
        Origins,
        Field(
            description="可嵌入并提问的网站来源，逗号分隔；空则只限本站 / "
            "origins that may embed and ask, comma-separated; none but our own if empty"
        ),
    ] = ()
    trusted_hosts: Annotated[
        Hosts,
        Field(
            description="本站对外的主机名，逗号分隔；本机与监听地址总在其内 / "
            "host names we are reached by; loopback and the listening address always are"
        ),
    ] = ()
    trusted_proxies: Annotated[
        Networks,
        Field(
            description="可信反向代理的地址或网段；只采信它们转报的来访地址 / "
            "addresses of reverse proxies whose X-Forwarded-For and -Proto are believed"
        ),
    ] = ()
    rate_per_address: Annotated[
        Rate,
        Field(description="每个来访地址的提问频率上限，off 为不限 / questions per address, or off"),
    ] = "120/minute"
    rate_per_origin: Annotated[
        Rate,
        Field(description="每个来源网站的提问频率上限，off 为不限 / questions per origin, or off"),
    ] = "1200/minute"

    def hosts(self) -> frozenset[str]:
        """Return the names that a request may call us by."""
        bound = () if self.host in _WILDCARDS else (self.host.strip("[]").lower(),)
        return frozenset((*LOOPBACK, *bound, *self.trusted_hosts))


def list_settings() -> str:
    """Return every setting with its default and its meaning, for `--help`."""
    lines = ["环境变量 / environment variables:"]
    for name, field in Settings.model_fields.items():
        default = field.get_default()
        shown = ",".join(default) if isinstance(default, tuple) else default
        lines.append(
            f"  {PREFIX}{name.upper()} = {'（空 / none）' if shown in (None, '') else shown}"
        )
        lines += [f"      {part}" for part in (field.description or "").split(" / ") if part]
    return "\n".join(lines)


def explain(error: ValidationError) -> str:
    """Return what is wrong with the settings, a line each; values that may be secret stay out."""
    lines = ["设置有误，未启动。 / The settings are wrong; nothing was started."]
    for wrong in error.errors(include_url=False, include_input=False):
        name = PREFIX + str(wrong["loc"][0]).upper()
        said = str(wrong.get("ctx", {}).get("error", ""))
        lines.append(f"  {name}：{said or '值不合规 / ' + wrong['msg']}")
    return "\n".join(lines)


def misspelt(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return variables that look like settings and are none."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(n for n in environment if n.upper().startswith(PREFIX) and n.upper() not in known)
