"""Credentials go, everything that a diagnosis needs stays."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_diagnose.collect.decode import clean, items_of
from kubectl_diagnose.collect.redact import REDACTED, redact, redact_line, redact_log, redact_words
from tests.collect.objects import deployment, pod, thing

B64 = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAhunter2\nabcdef\n-----END RSA PRIVATE KEY-----"
# Put together here, so that no scanner takes them for real ones.
GITHUB, SLACK, STRIPE = "ghp_" + "a1B2" * 9, "xoxb-" + "123456789012-abcdefXYZ", "sk_" + "live_4eC39HqLyjWDarjtT1"

SECRET_TEXTS = {
    "postgres://app:hunter2@db:5432/shop": "hunter2",
    "amqp://user:p@ss/w0rd@rabbit:5672/": "p@ss/w0rd",
    "redis://:hunter2@cache:6379/0": "hunter2",
    "https://user:hunter2@example.com/path?x=1": "hunter2",
    "connect to mysql://root:hunter2@tcp(db:3306)/x failed": "hunter2",
    "root:hunter2@tcp(db:3306)/shop?parseTime=true": "hunter2",
    "jdbc:oracle:thin:scott/hunter2@//db:1521/x": "hunter2",
    "host=db user=app password=hunter2 dbname=shop": "hunter2",
    "Server=db;Database=x;User Id=sa;Password=hunter2;": "hunter2",
    "Server=db;Uid=sa;Pwd=hunter2;": "hunter2",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aGVsbG8gd29ybGQ=;EndpointSuffix=x": "aGVsbG8gd29ybGQ",
    "Endpoint=sb://x/;SharedAccessKeyName=r;SharedAccessKey=hunter2hunter2": "hunter2hunter2",
    "Authorization: Bearer abcdef0123456789": "abcdef0123456789",
    "authorization: Basic dXNlcjpodW50ZXIy": "dXNlcjpodW50ZXIy",
    '{"Authorization":"Bearer abc.def.ghi"}': "abc.def.ghi",
    "curl -H 'Authorization: token hunter2hunter2' https://x": "hunter2hunter2",
    "sent header bearer abcdef0123456789abcdef": "abcdef0123456789abcdef",
    "Set-Cookie: session=hunter2; Path=/": "hunter2",
    f"got token {JWT} from client": JWT,
    PEM: "hunter2",
    f"key is {'AKIA' + 'IOSFODNN7EXAMPLE'} now": "IOSFODNN7",
    f"aws_secret_access_key = {B64}": B64,
    f"cloned with {GITHUB}": GITHUB,
    f"slack {SLACK} said": SLACK,
    "post https://hooks.slack.com/services/T000/B000/hunter2hunter2": "hunter2hunter2",
    f"stripe {STRIPE}": STRIPE,
    "password: hunter2": "hunter2",
    'spring.datasource.password="hunter2 with space"': "hunter2 with space",
    '{"db_password": "hunter2", "port": 5432}': "hunter2",
    '{\\"apiKey\\": \\"hunter2\\"}': "hunter2",
    "starting with --password hunter2 --port 80": "hunter2",
    "starting with --api-key=hunter2 --port 80": "hunter2",
    "curl -u admin:hunter2 http://localhost:8080/": "hunter2",
    "https://x.blob.core.windows.net/a?sv=1&sig=hunter2%3D&se=2": "hunter2",
    "X-Api-Key: hunter2hunter2": "hunter2hunter2",
    '[{"name":"DB_PASSWORD","value":"hunter2"}]': "hunter2",
    "client_secret=hunter2&grant_type=client_credentials": "hunter2",
    "export GITHUB_TOKEN=hunter2": "hunter2",
    "passphrase = 'correct horse'": "correct horse",
}
KEPT_TEXTS = (
    "registry.example.com:5000/team/app:1.2.3-rc.1",
    "app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    'Failed to pull image "app:1.7": rpc error: code = NotFound',
    "dial tcp 10.96.0.10:5432: connect: connection refused",
    'Get "http://10.244.0.7:8081/health": dial tcp 10.244.0.7:8081: connect: connection refused',
    "http://web.shop.svc.cluster.local:8080/path?mail=a@b.example",
    "7f3e1f6c-0d2a-4c63-9f39-2b8e1a0d9c11",
    'secret "db-credentials" not found',
    "couldn't find key password in Secret shop/db-credentials",
    'password authentication failed for user "app"',
    "error: password: required",
    "unexpected token: <",
    "SyntaxError: Unexpected token } in JSON at position 12",
    "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }",
    "node-role.kubernetes.io/master=true:NoSchedule",
    "serviceAccountToken expirationSeconds=3607",
    'MountVolume.SetUp failed for volume "kube-api-access-x2x9p" : configmap "kube-root-ca.crt" not registered',
    "listening on 0.0.0.0:8080",
    "user 1000:1000 cannot write /data",
    "docker run --user 1000:1000 app",
    "--token-file=/var/run/secrets/token --max-tokens=4096",
    "DB_PASSWORD_FILE=/run/secrets/db",
    "pull secret: not found",
    "primary key: id",
    "password=",
    'environment variable "API_KEY" is not set',
    "Error: DATABASE_PASSWORD is not set",
    "lookup postgres-password.shop.svc on 10.96.0.10:53: no such host",
    "http: proxy error: 8080@host",
    "mail to admin@example.com",
    "2026-11-22T14:00:00Z INFO key=value retries=3",
)


@pytest.mark.parametrize(("text", "secret"), SECRET_TEXTS.items())
def test_secrets_go(text: str, secret: str) -> None:
    found = redact(text)
    assert secret not in found
    assert REDACTED in found


@pytest.mark.parametrize("text", KEPT_TEXTS)
def test_what_a_diagnosis_needs_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("text", [*SECRET_TEXTS, *KEPT_TEXTS])
def test_twice_is_once(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_hosts_and_ports_of_addresses_stay() -> None:
    assert redact("postgres://app:hunter2@db.shop:5432/shop") == f"postgres://{REDACTED}@db.shop:5432/shop"


def environment(**values: str) -> dict[str, str]:
    """Return what is left of the environment of a container."""
    entries = [{"name": name, "value": value} for name, value in values.items()]
    raw = clean(pod("a", spec={"containers": [{"name": "app", "image": "app:1", "env": entries}]}))
    return {e["name"]: e["value"] for e in raw["spec"]["containers"][0]["env"]}


@pytest.mark.parametrize(
    "name",
    ["DB_PASSWORD", "PGPASSWORD", "API_KEY", "apiKey", "STRIPE_KEY", "JWT_SECRET", "GITHUB_TOKEN", "DB_PASS", "MYSQL_PWD",
     "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "VAULT_SECRET_ID", "ENCRYPTION_KEY", "KEY", "SMTP_CREDENTIALS",
     "SECRET_KEY_BASE", "ROOT_PASSWORD_PROD", "accesstoken"],
)  # fmt: skip
def test_variables_go_by_name(name: str) -> None:
    assert environment(**{name: "hunter2"}) == {name: REDACTED}


@pytest.mark.parametrize(
    ("name", "value"),
    [("DB_PASSWORD_FILE", "/run/secrets/db"), ("SECRET_NAME", "db-credentials"), ("TOKEN_TTL", "3600"),
     ("MAX_TOKENS", "4096"), ("DB_PASSWORD", ""), ("USE_TOKEN", "true"), ("DB_PASSWORD", "$(FROM_ELSEWHERE)"),
     ("KEYCLOAK_URL", "http://keycloak:8080"), ("PARTITION_KEY", "id"), ("PUBLIC_KEY", "abc"), ("DB_HOST", "postgres"),
     ("PORT", "8080"), ("TOKEN_URL", "https://login.example.com/token"), ("PASS_THROUGH", "yes"), ("MONKEY", "x"),
     ("DATABASE_URL", "postgres://db:5432/shop"), ("PWD", "/srv"), ("TOKEN_PATH", "/x/y")],
)  # fmt: skip
def test_variables_stay(name: str, value: str) -> None:
    assert environment(**{name: value}) == {name: value}


def test_variables_go_by_value() -> None:
    assert environment(DATABASE_URL="postgres://a:hunter2@db/x", NOTE=JWT) == {
        "DATABASE_URL": f"postgres://{REDACTED}@db/x",
        "NOTE": REDACTED,
    }


def test_words_of_a_command() -> None:
    words = ["serve", "--password", "hunter2", "--token=abc", "--port", "8080", "--user", "1000:1000", "-u", "a:hunter2"]
    assert redact_words(words) == [
        "serve", "--password", REDACTED, f"--token={REDACTED}", "--port", "8080", "--user", "1000:1000", "-u", REDACTED,
    ]  # fmt: skip


def test_values_of_a_secret_are_dropped() -> None:
    applied = json.dumps({"kind": "Secret", "data": {"password": "aHVudGVyMg=="}})
    raw = thing("Secret", "db", data={"password": "aHVudGVyMg==", "user": "YXBw"}, stringData={"x": "hunter2"})
    raw["metadata"]["annotations"] = {
        "kubectl.kubernetes.io/last-applied-configuration": applied,
        "a/b": '{"data": "aHVudGVyMg=="}',
    }
    found = clean(raw)
    assert found["data"] == {"password": "", "user": ""}
    assert "aHVudGVyMg" not in json.dumps(found)
    assert "hunter2" not in json.dumps(found)


def test_list_items_get_their_kind_and_lose_managed_fields() -> None:
    item = {"metadata": {"name": "a", "managedFields": [1]}, "data": {"k": "dg=="}}
    found = list(items_of({"apiVersion": "v1", "items": [item]}, "Secret", "v1"))
    assert found == [{"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "a"}, "data": {"k": ""}}]


def secret_places() -> list[dict[str, Any]]:
    """Objects with ``hunter2`` in every place that people put credentials into."""
    env = {"containers": [{"name": "app", "image": "a:1", "env": [{"name": "DB_PASSWORD", "value": "hunter2"}]}]}
    applied = deployment("web", {"app": "web"}, env)
    annotated = deployment("web", {"app": "web"})
    annotated["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps(applied)}
    in_template = deployment("web", {"app": "web"})
    in_template["spec"]["template"]["metadata"]["annotations"] = {"x/config": "password: hunter2"}
    probe = {"httpGet": {"port": 80, "httpHeaders": [{"name": "Authorization", "value": "Bearer hunter2"}]}}
    shell = {"exec": {"command": ["curl", "-u", "admin:hunter2", "http://localhost"]}}
    cron = thing("CronJob", "c", spec={"jobTemplate": {"spec": {"template": {"spec": env}}}})
    revision = thing("ControllerRevision", "r", data={"spec": {"template": {"spec": env}}})
    message = {"containerStatuses": [{"name": "app", "state": {"terminated": {"message": "password=hunter2"}}}]}
    flex = {"volumes": [{"name": "v", "csi": {"volumeAttributes": {"accessKey": "hunter2"}}}]}
    return [
        deployment("web", {"app": "web"}, env),
        annotated,
        in_template,
        pod("a", spec={"containers": [{"name": "app", "livenessProbe": probe, "readinessProbe": shell}]}),
        pod("b", status=message),
        pod("c", spec=flex),
        cron,
        revision,
        thing("Event", "e", message="dial postgres://a:hunter2@db failed"),
        thing("ConfigMap", "f", data={"app.properties": "db.url=x\ndb.password=hunter2\n", "API_KEY": "hunter2"}),
        thing("StorageClass", "s", parameters={"restUserKey": "hunter2", "secretKey": "hunter2"}),
        {"apiVersion": "x/v1", "kind": "Thing", "metadata": {"name": "t"}, "spec": {"auth": {"password": "hunter2"}}},
    ]


@pytest.mark.parametrize("raw", secret_places(), ids=lambda raw: f"{raw['kind']}-{raw['metadata']['name']}")
def test_credentials_in_objects_go(raw: dict[str, Any]) -> None:
    assert "hunter2" not in json.dumps(clean(raw))


def test_names_of_secrets_in_objects_stay() -> None:
    spec = {
        "containers": [{"name": "app", "envFrom": [{"secretRef": {"name": "db-credentials"}}],
                        "env": [{"name": "P", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}]}],
        "imagePullSecrets": [{"name": "registry-token"}],
        "volumes": [{"name": "tls", "secret": {"secretName": "web-tls"}}],
    }  # fmt: skip
    before = json.loads(json.dumps(spec))
    found = clean(deployment("web", {"app": "web"}, spec))["spec"]["template"]["spec"]
    assert found == before


def test_logs() -> None:
    assert redact_line("\x1b[31mERROR\x1b[0m token=hunter2") == f"ERROR token={REDACTED}"
    assert redact_log(f"before\n{PEM}\nafter\n") == ("before", REDACTED, "after")


@given(st.text())
def test_any_text_can_be_redacted(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(st.dictionaries(st.text(), st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=5)))
def test_any_object_can_be_cleaned(raw: dict[str, Any]) -> None:
    clean({"kind": "Pod", "metadata": {"annotations": raw}, "spec": raw, "status": raw})
