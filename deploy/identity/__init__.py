"""The embedded OpenID provider (canaille), for an installation that has none of its own."""
