"""Russian articles: the same claims as from English ones, read with Russian grammar and words."""
