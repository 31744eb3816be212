"""The ledger: the only room that knows SQL.

`database` opens it; `migrations` brings it up to date; `tables` is the schema. The verbs of the path:
`feeds` and `ingest` (the poller's), `tasks` (work to do, by lease), `judging` (the lock and the book),
`notifications` (delivery, by lease). `queries` reads for people. `health` counts.
"""
