"""What servers write when they open a port, line by line, and what looks like it."""

import pytest

from kubectl_diagnose.model import Ref
from kubectl_diagnose.readings.listening import Listening, listening_lines
from kubectl_diagnose.snapshot import Log

POD = Ref("", "Pod", "shop", "web-1")


def read(*lines: str) -> list[Listening]:
    return list(listening_lines(Log(POD, "web", False, lines)))


@pytest.mark.parametrize(
    ("line", "port"),
    [
        ("Server listening on port 3000", 3000),
        ("App listening on 3000", 3000),
        ("Example app listening on port 3000!", 3000),
        ("listening on :::8080", 8080),
        ('{"level":30,"time":1531171074631,"pid":657,"msg":"Server listening at http://0.0.0.0:3000"}', 3000),
        ("ready - started server on 0.0.0.0:3000, url: http://localhost:3000", 3000),
        ("INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)", 8000),
        ("[2024-01-01 12:30:45 +0000] [7] [INFO] Listening at: http://0.0.0.0:8000 (7)", 8000),
        ("[INFO] Running on http://0.0.0.0:8000 (CTRL + C to quit)", 8000),
        (' * Running on http://10.244.0.7:5000', 5000),
        ("Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ...", 8000),
        ("Starting development server at http://0.0.0.0:8000/", 8000),
        ('01-Jan-2024 12:30:45.123 INFO [main] AbstractProtocol.start Starting ProtocolHandler ["http-nio-8080"]', 8080),
        ("2024-01-01T12:30:45.1Z  INFO 1 --- [main] TomcatWebServer  : Tomcat started on port(s): 8080 (http)", 8080),
        ("2024-01-01T12:30:45.1Z  INFO 1 --- [main] TomcatWebServer  : Tomcat started on port 8080 (http)", 8080),
        ("Netty started on port 8080 (http)", 8080),
        ("Started ServerConnector@5f9d02cb{HTTP/1.1, (http/1.1)}{0.0.0.0:8080}", 8080),
        ("web 1.0.0 on JVM started in 0.9s. Listening on: http://0.0.0.0:8080", 8080),
        ("Startup completed in 512ms. Server Running: http://web-1:8080", 8080),
        ("Application - Responding at http://0.0.0.0:8080", 8080),
        ("2024/01/01 12:30:45 listening on :8080", 8080),
        ("2024/01/01 12:30:45 INFO listening addr=:8080", 8080),
        ('time="2024-01-01T12:30:45Z" level=info msg="Listening on :8080"', 8080),
        ('{"addr":"0.0.0.0:8080","level":"info","msg":"server listening"}', 8080),
        ('{"level":"info","msg":"listening","port":8080}', 8080),
        ("[GIN-debug] Listening and serving HTTP on :8080", 8080),
        ("DEBUG server: listening on port 8080", 8080),
        ("⇨ http server started on [::]:1323", 1323),
        ("gRPC server listening on 0.0.0.0:50051", 50051),
        ("* Listening on http://0.0.0.0:3000", 3000),
        ("* Listening on tcp://0.0.0.0:9292", 9292),
        ("12:30:45 web.1 | Running Shop.Endpoint with cowboy 2.9.0 at 0.0.0.0:4000 (http)", 4000),
        ("      Now listening on: http://[::]:8080", 8080),
        ("PHP 8.2.0 Development Server (http://0.0.0.0:8000) started", 8000),
        ('LOG:  listening on IPv4 address "0.0.0.0", port 5432', 5432),
        ('LOG:  listening on IPv6 address "::", port 5432', 5432),
        ("mysqld: ready for connections. Version: '8.0.36'  socket: '/var/run/mysqld.sock'  port: 3306  MySQL", 3306),
        ("Running mode=standalone, port=6379.", 6379),
        ("started TCP listener on [::]:5672", 5672),
        ('{"s":"I","c":"NETWORK","ctx":"listener","msg":"Waiting for connections","attr":{"port":27017,"ssl":"off"}}', 27017),
    ],
)  # fmt: skip
def test_opened(line: str, port: int) -> None:
    (found,) = read(line)
    assert (found.port, found.loopback, found.aside) == (port, False, False)
    assert found.evidence.value == line


@pytest.mark.parametrize(
    ("line", "port"),
    [
        (" * Running on http://127.0.0.1:5000", 5000),
        ("Starting development server at http://127.0.0.1:8000/", 8000),
        ('starting service: "actix-web-service-127.0.0.1:8080", workers: 8, listening on: 127.0.0.1:8080', 8080),
        ("      Now listening on: http://localhost:5000", 5000),
        ("listening on [::1]:8080", 8080),
        ("listening on ::1:8080", 8080),
        ("Rocket has launched from http://127.0.0.1:8000", 8000),
        ('Starting ProtocolHandler ["http-nio-127.0.0.1-8080"]', 8080),
        ('LOG:  listening on IPv4 address "127.0.0.1", port 5432', 5432),
    ],
)
def test_opened_on_the_loopback_alone(line: str, port: int) -> None:
    (found,) = read(line)
    assert (found.port, found.loopback) == (port, True)


@pytest.mark.parametrize(
    "line",
    [
        "metrics listening on :9090",
        "Prometheus metrics server started on port 9090",
        "pprof listening on localhost:6060",
        "Debugger listening on ws://127.0.0.1:9229/0f2c936f",
        "Starting debug server on port 5678",
        "Listening for transport dt_socket at address: 5005",
        "started, connected to cache, port: 6379",
        "ready; database port 5432",
        "running raft with peer on :2380",
    ],
)
def test_a_second_listener_is_aside(line: str) -> None:
    assert all(found.aside for found in read(line))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "/docker-entrypoint.sh: Configuration complete; ready for start up",
        "2024/01/01 12:30:45 [notice] 1#1: start worker process 29",
        "[01-Jan-2024 12:30:45] NOTICE: ready to handle connections",
        "[01-Jan-2024 12:30:45] NOTICE: fpm is running, pid 1",
        'LOG:  listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"',
        "INFO actix_server::builder] starting 8 workers",
        " * Running on all addresses (0.0.0.0)",
        "failed to listen on 0.0.0.0:8080",
        "listen tcp :8080: bind: address already in use",
        "Error: listen EADDRINUSE: address already in use :::3000",
        "cannot start: port 80 denied",
        "waiting for port 5432 before starting",
        "connecting to db:5432",
        "Running migrations on db.example.com:5432",
        "Starting consumer of broker kafka:9092",
        "worker ready, queue redis://redis:6379/0",
        "Listening for jobs on redis://redis:6379/0",
        "listening to kafka:9092",
        "started, see http://docs.example.com:8080/help",
        "Starting checks of 10.0.0.5:8080",
        "started at 12:30:45",
        "Server started at 2024-01-01 12:30:45",
        "Server started on 2024-01-01",
        "started 2024-01-01T12:30:45.1234Z",
        "running since 12:30",
        "running on 16 cores",
        "running on 1024 MiB",
        "Starting service v1.2.3 (build 8080)",
        "running version 1.21.3",
        "listening on port 99999",
        "GET /ready 200 12:30:45",
    ],
)
def test_nothing_was_opened(line: str) -> None:
    assert read(line) == []


def test_newest_first() -> None:
    assert [found.port for found in read("listening on :80", "listening on :81")] == [81, 80]
