"""What labelled stories say, for scoring: pure, from parsed JSON (docs/stories.md has the format)."""
