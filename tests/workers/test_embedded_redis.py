"""A Redis of our own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from monitor.errors import UnavailableError
from workers import embedded_redis
from workers.embedded_redis import SOCKET_PATH_BYTES, EmbeddedRedis
from workers.queue import Kind, connect, ring


def test_it_listens_on_a_private_socket_only_and_keeps_an_append_only_file(tmp_path: Path) -> None:
    redis = EmbeddedRedis(tmp_path)
    redis.start()
    try:
        client = connect(redis.url, timeout=5)
        settings = {
            name: client.config_get(name)[name] for name in ("port", "appendonly", "maxmemory-policy")
        }
        assert settings == {"port": "0", "appendonly": "yes", "maxmemory-policy": "noeviction"}
        assert stat.S_IMODE(redis.socket.stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "redis").stat().st_mode) == 0o700
        assert ring(redis.url, Kind.ARTICLES, [1])
    finally:
        redis.stop()
    assert not redis.alive()


def test_it_can_be_started_again_after_it_was_killed(tmp_path: Path) -> None:
    redis = EmbeddedRedis(tmp_path)
    redis.start()
    assert redis.process
    redis.process.kill()
    redis.process.wait()
    assert not redis.alive()
    redis.start()
    assert ring(redis.url, Kind.ARTICLES)
    redis.stop()


def test_a_broken_file_of_its_own_is_thrown_away(tmp_path: Path) -> None:
    redis = EmbeddedRedis(tmp_path)
    redis.start()
    redis.stop()
    for kept in (tmp_path / "redis").rglob("*.aof*"):
        if kept.is_file():
            kept.write_bytes(b"nonsense" * 100)
    redis.start()
    assert ring(redis.url, Kind.ARTICLES)
    redis.stop()


def test_a_data_folder_with_a_long_path_gets_a_private_socket_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    redis = EmbeddedRedis(deep)
    redis.start()
    assert len(os.fsencode(redis.socket)) <= SOCKET_PATH_BYTES
    folder = redis.socket.parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert ring(redis.url, Kind.ARTICLES)
    redis.stop()
    assert not folder.exists()


def test_without_any_server_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(embedded_redis.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UnavailableError, match="no Redis on this machine") as caught:
        EmbeddedRedis(tmp_path)
    assert "apt install redis-server" in caught.value.remedy
    assert caught.value.exit_code == 3


def test_a_server_that_cannot_start_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_redis, "find_server", lambda: "/bin/false")
    with pytest.raises(UnavailableError, match="does not start"):
        EmbeddedRedis(tmp_path).start()
