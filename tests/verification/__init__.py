"""The shipped encodings against the official texts, where these are at hand.

The texts are no part of the project. Put them beside it (``../shared/sources``) or name their folder in
``REGIMES_SOURCES``; without them these tests are skipped, and with ``REGIMES_REQUIRE_SOURCES=1`` they fail.
"""
