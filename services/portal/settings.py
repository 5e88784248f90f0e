"""What the portal is told from outside, beside what everything that answers people is told."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from shared.settings import WebSettings


class PortalSettings(WebSettings):
    """How the portal is known to the OpenID provider. People come back to the first of `origins`."""

    oidc_client: str = Field(default="portal", min_length=1, description="the portal's name at the provider")
    portal_secret: SecretStr = Field(min_length=16, description="its secret there")
    origins: tuple[str, ...] = Field(min_length=1)

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            parts = urlsplit(origin)
            if (
                parts.scheme not in ("http", "https")
                or not parts.netloc
                or origin != f"{parts.scheme}://{parts.netloc}"
            ):
                raise ValueError(f"{origin!r} is no origin, such as https://aduan.example")
        return origins

    @property
    def origin(self) -> str:
        """Where browsers reach us."""
        return self.origins[0]
