"""Settings from the environment, read at the entry point only."""

from __future__ import annotations

from pathlib import Path

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

    def origins(self) -> list[str]:
        """Return the origins that may embed and ask; empty means none."""
        return [o.strip() for o in self.allowed_origins.split(",") if o.strip()]
