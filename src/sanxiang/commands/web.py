"""gunicorn without a configuration file, for those commands that serve."""

import importlib
import os
from collections.abc import Callable, Mapping
from typing import Any

THREADS = 8


def options(host: str, port: int) -> dict[str, Any]:
    """What every server of ours is set to."""
    return {
        "bind": f"{host}:{port}",
        "threads": THREADS,
        "graceful_timeout": 20,
        "loglevel": os.environ.get("SANXIANG_LOG", "warning").lower(),
        "control_socket_disable": True,  # a door that nobody here uses
    }


def run(
    settings: Mapping[str, Any], application: Callable[[], Any], keeper: Callable[[Any], Any] | None = None
) -> None:
    """Serve until told to stop; `keeper` stands in for gunicorn's own master."""
    base = importlib.import_module("gunicorn.app.base").BaseApplication

    class Server(base):  # type: ignore[misc, valid-type]
        """Set by hand."""

        def load_config(self) -> None:
            """Our settings."""
            for key, value in settings.items():
                self.cfg.set(key, value)

        def load(self) -> Any:
            """The application."""
            return application()

        def run(self) -> None:
            """Under which master."""
            keeper(self).run() if keeper else super().run()

    Server().run()
