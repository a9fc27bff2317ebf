"""Serve the chat and the JSON interface: `python app.py [--host 127.0.0.1] [--port 7860]`."""

from __future__ import annotations

import argparse
import sys

from index.errors import ZaowenError
from qa.engine import open_or_build
from web.password import ask_password
from web.settings import Settings


def main() -> int:
    """Open or build the index, then serve until interrupted."""
    settings = Settings()
    names = ", ".join(f"ZAOWEN_{name.upper()}" for name in Settings.model_fields)
    parser = argparse.ArgumentParser(description=__doc__, epilog=f"环境变量：{names}")
    parser.add_argument("--host", default=settings.host)
    parser.add_argument("--port", type=int, default=settings.port)
    parser.add_argument("--set-password", action="store_true", help="设定 /admin 的密码后退出")
    options = parser.parse_args()
    if options.set_password:
        return ask_password(settings.admin_file)
    try:
        engine = open_or_build(
            settings.index,
            settings.seeds,
            settings.encoder,
            lambda line: print(line, flush=True),
        )
    except ZaowenError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    import uvicorn

    from web.server import create_app

    print(f"枣问：http://{options.host}:{options.port}", flush=True)
    uvicorn.run(
        create_app(engine, settings), host=options.host, port=options.port, log_level="warning"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
