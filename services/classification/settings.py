"""What classification is told from outside."""

from pathlib import Path

from shared.settings import Settings

_HERE = Path(__file__).parent


class ClassificationSettings(Settings):
    """The Polres may edit this file and the taxonomy; a bad one stops the start and names the place."""

    lexicon: Path = _HERE / "lexicon.toml"
