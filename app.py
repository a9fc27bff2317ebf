"""启动枣问的对话页与 JSON 接口。 / Serve the chat and the JSON interface."""

from __future__ import annotations

import argparse
import os
import sys

# Many small sums, one thread each: threads inside numpy and faiss would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pydantic import ValidationError

from index.errors import ZaowenError
from qa.engine import open_or_build
from web.password import ask_password
from web.settings import Settings, explain, list_settings, misspelt


def main() -> int:
    """Open or build the index, then serve until interrupted."""
    options = read_options()
    try:
        given = {"host": options.host, "port": options.port}
        settings = Settings(**{name: v for name, v in given.items() if v is not None})
    except ValidationError as error:
        print(explain(error), file=sys.stderr)
        return 2
    for name in misspelt():
        print(f"提醒：没有名为 {name} 的设置。 / There is no setting {name}.", file=sys.stderr)
    if options.set_password:
        return ask_password(settings.admin_file)
    try:
        engine = open_or_build(
            settings.index,
            settings.seeds,
            settings.encoder,
            lambda line: print(line, flush=True),
        )
        engine.prepare()
    except ZaowenError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    from web.server import create_app, serve

    print(f"枣问：http://{settings.host}:{settings.port}", flush=True)
    serve(create_app(engine, settings), settings)
    return 0


def read_options() -> argparse.Namespace:
    """Return what the command line says; what it does not say stays with the environment."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog=list_settings(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", help="监听地址，优先于 ZAOWEN_HOST / overrides ZAOWEN_HOST")
    parser.add_argument("--port", help="监听端口，优先于 ZAOWEN_PORT / overrides ZAOWEN_PORT")
    parser.add_argument(
        "--set-password",
        action="store_true",
        help="设定 /admin 的密码后退出 / set the password of /admin, then exit",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
