"""Settings from the environment, read at the entry point only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from web.values import each, read_host, read_network, read_origin, read_rate

PREFIX = "ZAOWEN_"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_WILDCARDS = ("0.0.0.0", "::")


Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(each(read_origin))]
Hosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(each(read_host))]
Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(each(read_network))]
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

    database: Annotated[
        Path, Field(description="意见与提问记录的数据库 / database of questions and verdicts")
    ] = Path("var/zaowen.sqlite3")
    retention_days: Annotated[
        int,
        Field(ge=0, le=3650, description="提问记录保留天数 / days that questions are kept"),
    ] = 30
    admin_file: Annotated[
        Path, Field(description="/admin 的密码文件 / file of the password of /admin")
    ] = Path("var/admin.json")
    secret: Annotated[
        str | None,
        Field(min_length=32, description="/admin 会话的密钥 / key of the sessions of /admin"),
    ] = None
    drafts: Annotated[Path, Field(description="待发布文稿所在文件夹 / folder of drafts")] = Path(
        "var/drafts"
    )

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
