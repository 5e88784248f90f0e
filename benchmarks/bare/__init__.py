"""The same shell without sealing, checking and auditing: what privacy costs is measured against it."""
