"""Other people's systems, as they behave: for the local run and for tests."""
