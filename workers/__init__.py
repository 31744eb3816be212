"""What keeps Claimwatch moving: the poller, the queue and its workers, the supervisor."""
