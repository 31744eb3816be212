"""Feeds: the one way out to the Internet, and the reader of what comes back (docs/feeds.md)."""
