"""Tells whoever waits what is being measured."""

import time

_STARTED = time.monotonic()


def say(text: str) -> None:
    print(f"· {time.monotonic() - _STARTED:4.0f} s  {text}", flush=True)
