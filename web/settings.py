"""Settings from the environment, read at the entry point only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """`ZAOWEN_…` variables; defaults are closed."""

    model_config = SettingsConfigDict(env_prefix="ZAOWEN_")

    encoder: str | None = None
    seeds: Path = Path("seeds")
    index: Path = Path("var/index")
    allowed_origins: str = ""
    host: str = "127.0.0.1"
    port: int = 7860
    database: Path = Path("var/zaowen.sqlite3")
    retention_days: Annotated[int, Field(ge=0, le=3650)] = 30
    admin_file: Path = Path("var/admin.json")
    secret: Annotated[str, Field(min_length=32)] | None = None
    drafts: Path = Path("var/drafts")

    def origins(self) -> list[str]:
        """Return the origins that may embed and ask; empty means none."""
        return [o.strip() for o in self.allowed_origins.split(",") if o.strip()]
