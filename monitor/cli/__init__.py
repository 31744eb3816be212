"""The `claimwatch` command: one file a noun, `main` puts them together.

Nothing heavy is imported while the command line is built (`--help` answers at once); each command imports
what it needs when it runs. `--help` documents every command.
"""
