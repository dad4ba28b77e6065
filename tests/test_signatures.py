"""The wording of programs, by language and server, and what is read out of it."""

import pytest

from kubectl_diagnose.model import Ref
from kubectl_diagnose.readings.log import path_in, signature
from kubectl_diagnose.readings.signatures import CrashKind
from kubectl_diagnose.snapshot import Log

K = CrashKind
LINES: list[tuple[str, CrashKind | None, dict[str, str]]] = [
    ("KeyError: 'DATABASE_URL'", K.ENV_MISSING, {"name": "DATABASE_URL"}),
    ("environment variable DATABASE_URL is required", K.ENV_MISSING, {"name": "DATABASE_URL"}),
    ("Error: missing required environment variable: API_KEY", K.ENV_MISSING, {"name": "API_KEY"}),
    ("2026/01/01 10:00:00 PORT must be set", K.ENV_MISSING, {"name": "PORT"}),
    ("/entrypoint.sh: line 3: REDIS_HOST: unbound variable", K.ENV_MISSING, {"name": "REDIS_HOST"}),
    ("sh: REDIS_HOST: parameter not set", K.ENV_MISSING, {"name": "REDIS_HOST"}),
    ("Could not resolve placeholder 'db.url' in value \"${db.url}\"", K.ENV_MISSING, {"name": "db.url"}),
    ("       You must specify POSTGRES_PASSWORD to a non-empty value for the", K.ENV_MISSING, {"name": "POSTGRES_PASSWORD"}),
    ("required key SERVER_ADDR missing value", K.ENV_MISSING, {"name": "SERVER_ADDR"}),
    ('key not found: "SECRET_KEY_BASE" (KeyError)', K.ENV_MISSING, {"name": "SECRET_KEY_BASE"}),
    ("KeyError: 'user_id'", K.PANIC, {}),
    ("ModuleNotFoundError: No module named 'requests'", K.MODULE_MISSING, {"module": "requests"}),
    ("Error: Cannot find module 'express'", K.MODULE_MISSING, {"module": "express"}),
    ("Error: Could not find or load main class com.acme.Main", K.MODULE_MISSING, {"module": "com.acme.Main"}),
    (
        "app: error while loading shared libraries: libssl.so.3: cannot open shared object file: No such file or directory",
        K.MODULE_MISSING,
        {"module": "libssl.so.3"},
    ),
    (
        "/app: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /app)",
        K.MODULE_MISSING,
        {"module": "GLIBC_2.34"},
    ),
    ("listen tcp :8080: bind: address already in use", K.PORT_IN_USE, {"port": "8080"}),
    ("Error: listen EADDRINUSE: address already in use :::3000", K.PORT_IN_USE, {"port": "3000"}),
    ("nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)", K.PORT_IN_USE, {"port": "80"}),
    ("Web server failed to start. Port 8080 was already in use.", K.PORT_IN_USE, {"port": "8080"}),
    ("OSError: [Errno 98] Address already in use", K.PORT_IN_USE, {}),
    (
        "[Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address already in use",
        K.PORT_IN_USE,
        {"port": "8000"},
    ),
    ("listen tcp :80: bind: permission denied", K.PRIVILEGED_PORT, {"port": "80"}),
    ("nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)", K.PRIVILEGED_PORT, {"port": "80"}),
    ("Error: listen EACCES: permission denied 0.0.0.0:443", K.PRIVILEGED_PORT, {"port": "443"}),
    ("nc: bind: Permission denied", K.PRIVILEGED_PORT, {}),
    ("dial tcp: lookup db on 10.96.0.10:53: no such host", K.HOST_UNRESOLVABLE, {"host": "db"}),
    ("Error: getaddrinfo ENOTFOUND mongo.shop", K.HOST_UNRESOLVABLE, {"host": "mongo.shop"}),
    (
        'psycopg2.OperationalError: could not translate host name "db" to address: Name or service not known',
        K.HOST_UNRESOLVABLE,
        {"host": "db"},
    ),
    ("Caused by: java.net.UnknownHostException: mysql: Name or service not known", K.HOST_UNRESOLVABLE, {"host": "mysql"}),
    ("wget: bad address 'orders:8080'", K.HOST_UNRESOLVABLE, {"host": "orders"}),
    ("curl: (6) Could not resolve host: orders", K.HOST_UNRESOLVABLE, {"host": "orders"}),
    (
        'nginx: [emerg] host not found in upstream "api" in /etc/nginx/conf.d/default.conf:3',
        K.HOST_UNRESOLVABLE,
        {"host": "api"},
    ),
    (
        "** server can't find mydb.default.svc.cluster.local: NXDOMAIN",
        K.HOST_UNRESOLVABLE,
        {"host": "mydb.default.svc.cluster.local"},
    ),
    (
        "redis.exceptions.ConnectionError: Error -2 connecting to redis:6379. Name or service not known.",
        K.HOST_UNRESOLVABLE,
        {"host": "redis"},
    ),
    ("dial tcp 10.96.0.5:5432: connect: connection refused", K.DEPENDENCY_UNREACHABLE, {"host": "10.96.0.5", "port": "5432"}),
    ("Error: connect ECONNREFUSED 10.0.0.1:6379", K.DEPENDENCY_UNREACHABLE, {"host": "10.0.0.1", "port": "6379"}),
    (
        'connection to server at "db" (10.0.0.1), port 5432 failed: Connection refused',
        K.DEPENDENCY_UNREACHABLE,
        {"host": "db", "port": "5432"},
    ),
    (
        "redis.exceptions.ConnectionError: Error 111 connecting to redis:6379. Connection refused.",
        K.DEPENDENCY_UNREACHABLE,
        {"host": "redis", "port": "6379"},
    ),
    ("wget: can't connect to remote host (10.0.0.3): Connection refused", K.DEPENDENCY_UNREACHABLE, {"host": "10.0.0.3"}),
    (
        "curl: (7) Failed to connect to api port 80 after 2 ms: Connection refused",
        K.DEPENDENCY_UNREACHABLE,
        {"host": "api", "port": "80"},
    ),
    (
        "org.postgresql.util.PSQLException: Connection to db:5432 refused. Check that the hostname and port are correct",
        K.DEPENDENCY_UNREACHABLE,
        {"host": "db", "port": "5432"},
    ),
    (
        "ERROR 2003 (HY000): Can't connect to MySQL server on 'db:3306' (111)",
        K.DEPENDENCY_UNREACHABLE,
        {"host": "db", "port": "3306"},
    ),
    (
        "pymongo.errors.ServerSelectionTimeoutError: mongo:27017: [Errno 111] Connection refused",
        K.DEPENDENCY_UNREACHABLE,
        {"host": "mongo", "port": "27017"},
    ),
    ('FATAL:  password authentication failed for user "shop"', K.CREDENTIALS_REJECTED, {"user": "shop"}),
    ("Access denied for user 'root'@'10.0.0.4' (using password: YES)", K.CREDENTIALS_REJECTED, {"user": "root"}),
    ("MongoServerError: Authentication failed.", K.CREDENTIALS_REJECTED, {}),
    ("NOAUTH Authentication required.", K.CREDENTIALS_REJECTED, {}),
    (
        'pods is forbidden: User "system:serviceaccount:a:b" cannot list resource "pods" in API group "" in the namespace "c"',
        K.RBAC_FORBIDDEN,
        {"user": "system:serviceaccount:a:b", "verb": "list", "resource": "pods", "namespace": "c"},
    ),
    ("mkdir: can't create directory '/var/cache/app': Read-only file system", K.READ_ONLY, {}),
    ("OSError: [Errno 28] No space left on device: '/data/x'", K.DISK_FULL, {}),
    ('Exception in thread "main" java.lang.OutOfMemoryError: Java heap space', K.HEAP_EXHAUSTED, {"what": "Java heap space"}),
    ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", K.HEAP_EXHAUSTED, {}),
    ("PermissionError: [Errno 13] Permission denied: '/data/x'", K.PERMISSION_DENIED, {}),
    ("open /data/x: permission denied", K.PERMISSION_DENIED, {}),
    ("FileNotFoundError: [Errno 2] No such file or directory: '/etc/app/config.yaml'", K.FILE_MISSING, {}),
    ("open /etc/app/config.yaml: no such file or directory", K.FILE_MISSING, {}),
    ("exec /app/server: exec format error", K.WRONG_ARCHITECTURE, {}),
    ("sh: 1: foo: not found", K.COMMAND_NOT_FOUND, {"path": "foo"}),
    ("flag provided but not defined: -prot", K.ARGUMENTS_WRONG, {"argument": "-prot"}),
    ("error: unknown flag: --prot", K.ARGUMENTS_WRONG, {"argument": "--prot"}),
    ("Segmentation fault (core dumped)", K.SEGFAULT, {}),
    ("panic: runtime error: index out of range [3] with length 3", K.PANIC, {}),
    ("thread 'main' panicked at src/main.rs:4:5:", K.PANIC, {}),
    ("Unhandled exception. System.InvalidOperationException: no", K.PANIC, {}),
    ("TypeError: Cannot read properties of undefined (reading 'id')", K.PANIC, {}),
    ("PHP Fatal error:  Uncaught Error: Call to undefined function x()", K.PANIC, {}),
    ("/app/main.rb:4:in `<main>': boom (RuntimeError)", K.PANIC, {}),
    ("FATAL: sorry, too many clients already", K.CONNECTIONS_EXHAUSTED, {}),
    ("ERROR: cannot execute INSERT in a read-only transaction", K.DATABASE_READ_ONLY, {}),
    ("ERROR: file orders.csv has 3 columns, expected 5", None, {}),
    ("INFO listening on :8080", None, {}),
    ("report written", None, {}),
]


def log(*lines: str) -> Log:
    return Log(Ref("", "Pod", "shop", "api-1"), "api", False, lines)


@pytest.mark.parametrize(("text", "kind", "groups"), LINES, ids=[line[0][:60] for line in LINES])
def test_a_line_is_read_as_one_kind(text: str, kind: CrashKind | None, groups: dict[str, str]) -> None:
    written = log("starting", text)
    found = signature(written.line(number) for number in range(2))
    assert (found[0] if found else None) == kind
    assert found is None or groups.items() <= found[2].items()


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("sh: can't create /data/x: Permission denied", "/data/x"),
        ("/bin/sh: can't create /data/x: Read-only file system", "/data/x"),
        ("PermissionError: [Errno 13] Permission denied: '/data/x'", "/data/x"),
        ("java.io.FileNotFoundException: /data/x.log (Permission denied)", "/data/x.log"),
        ("cannot open config.yaml: No such file or directory", ""),
        ("GET https://example.com/data failed", ""),
    ],
)
def test_the_path_that_an_error_is_about(text: str, path: str) -> None:
    assert path_in(text) == path


def test_stack_frames_do_not_push_the_error_out_of_sight() -> None:
    frames = [f"\t/src/main.go:{n} +0x1d" for n in range(40)]
    written = log("panic: boom", "", "goroutine 1 [running]:", "main.main()", *frames)
    found = signature(written.line(number) for number in range(len(written.lines)))
    assert found is not None
    assert found[0] is CrashKind.PANIC


def test_a_warning_does_not_outweigh_an_error() -> None:
    written = log("WARN dial tcp 10.0.0.1:6379: connection refused, retrying", "panic: boom")
    found = signature(written.line(number) for number in range(2))
    assert found is not None
    assert found[0] is CrashKind.PANIC
