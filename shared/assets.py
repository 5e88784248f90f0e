"""What browsers load beside pages, from our own origin: installed npm packages, and files of ours.

Every process can serve all of it, since all have the same files; the gateway asks whichever answers.
"""

import os
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

PATH = "/assets"
_ROOT = Path(__file__).parent.parent
_PACKAGES = ("@picocss/pico", "chart.js", "htmx-ext-sse", "htmx.org", "leaflet", "swagger-ui-dist")
_FOR_A_YEAR = "public, max-age=31536000, immutable"


@cache
def _folders() -> dict[str, Path]:
    """Where what stands under a name in the address is kept: `aduan` for the shell's own, else a service or package."""
    own = {path.parent.name: path for path in (_ROOT / "services").glob("*/assets")}
    return {"aduan": _ROOT / "shared" / "assets", **own, **{name: _ROOT / "node_modules" / name for name in _PACKAGES}}


def _file(path: str) -> Path | None:
    name = next((name for name in _folders() if path.startswith(f"{name}/")), None)
    if name is None:
        return None
    folder = _folders()[name].resolve()
    file = (folder / path[len(name) + 1 :]).resolve()
    return file if file.is_relative_to(folder) and file.is_file() else None


@cache
def asset(path: str) -> str:
    """The address of an asset, as `aduan/aduan.css` or `htmx.org/dist/htmx.min.js`. It changes with the content, so
    that browsers keep it for good. Raises LookupError where it is not there."""
    file = _file(path)
    if file is None:
        raise LookupError(f"no asset {path}; `make setup` installs what browsers load")
    return f"{PATH}/{path}?v={sha256(file.read_bytes()).hexdigest()[:12]}"


class _Assets(StaticFiles):
    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        file = _file(path)
        return (str(file), file.stat()) if file else ("", None)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        # What was asked for by its content may be kept for good. It is nobody's secret.
        if f"{PATH}/{path}?{scope['query_string'].decode('latin-1')}" == _address(path):
            response.headers["Cache-Control"] = _FOR_A_YEAR
        return response


def _address(path: str) -> str | None:
    return asset(path) if _file(path) else None


def install(app: FastAPI) -> None:
    """Serves the assets."""
    app.mount(PATH, _Assets(directory=_ROOT / "shared" / "assets"))
