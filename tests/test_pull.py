"""What runtimes and registries say of a failed pull is read for what it means."""

import pytest

from kubectl_diagnose.readings.pull import kind_of_error, last_clause

RESOLVE = 'failed to pull and unpack image "docker.io/a/b:1": failed to resolve reference "docker.io/a/b:1": '
REQUEST = RESOLVE + 'failed to do request: Head "https://r.example/v2/a/manifests/1": '
TOKEN = RESOLVE + "failed to authorize: failed to fetch anonymous token: "

SAID = [
    ("not-found", RESOLVE + "docker.io/a/b:1: not found"),
    ("not-found", "Error response from daemon: manifest for a/b:1 not found: manifest unknown: manifest unknown"),
    ("not-found", "initializing source docker://a/b:1: reading manifest 1 in docker.io/a/b: manifest unknown"),
    ("not-found", "name unknown: The repository with name 'b' does not exist in the registry with id '1'"),
    ("platform", RESOLVE.partition(": ")[0] + ": no match for platform in manifest: not found"),
    ("platform", "no matching manifest for linux/arm64/v8 in the manifest list entries"),
    ("platform", "choosing image instance: no image found in manifest list for architecture arm64, OS linux"),
    ("unauthorized", "pull access denied for b, repository does not exist or may require 'docker login': denied: requested"),
    ("unauthorized", RESOLVE + "pull access denied, repository does not exist or may require authorization: server message"),
    ("unauthorized", TOKEN + "unexpected status: 401 Unauthorized"),
    ("unauthorized", RESOLVE + "unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 403 Forbidden"),
    ("unauthorized", "Head https://1.dkr.ecr.eu-west-1.amazonaws.com/v2/b/manifests/1: no basic auth credentials"),
    ("unauthorized", "reading manifest 1 in quay.io/a/b: unauthorized: access to the requested resource is not authorized"),
    ("rate-limited", RESOLVE + "unexpected status code https://r.example/v2/a/manifests/1: 429 Too Many Requests"),
    ("rate-limited", "toomanyrequests: You have reached your unauthenticated pull rate limit"),
    ("dns", REQUEST + "dial tcp: lookup r.example on 10.0.0.2:53: no such host"),
    ("dns", TOKEN + 'Get "https://auth.docker.io/token": dial tcp: lookup auth.docker.io on 10.0.0.2:53: i/o timeout'),
    ("dns", REQUEST + "dial tcp: lookup r.example: Temporary failure in name resolution"),
    ("unreachable", REQUEST + "dial tcp 10.1.1.1:443: i/o timeout"),
    ("unreachable", TOKEN + 'Get "https://auth.docker.io/token": dial tcp 1.2.3.4:443: connect: connection refused'),
    ("unreachable", REQUEST + "net/http: TLS handshake timeout"),
    ("unreachable", RESOLVE + "pulling from host r.example failed with status code [manifests 1]: 503 Service Unavailable"),
    (
        "certificate",
        REQUEST + "x509: certificate has expired or is not yet valid: current time 2026-11-22 is after 2026-01-01",
    ),
    ("certificate", REQUEST + "tls: failed to verify certificate: x509: certificate is valid for a, not b"),
    ("plain-http", REQUEST + "http: server gave HTTP response to HTTPS client"),
    ("name-invalid", 'couldn\'t parse image name "A:1": invalid reference format: repository name must be lowercase'),
    ("never", 'Container image "a/b:1" is not present with pull policy of Never'),
    ("disk", "failed to extract layer sha256:1: write /var/lib/containerd/x: no space left on device"),
    ("other", 'failed to pull and unpack image "a": content digest sha256:12: not found'),
    ("other", "failed commit on ref: unexpected commit digest sha256:1, expected sha256:2"),
    ("", 'Back-off pulling image "a/b:1"'),
]


@pytest.mark.parametrize(("kind", "text"), SAID)
def test_kind_of_error(kind: str, text: str) -> None:
    assert kind_of_error(text) == kind


@pytest.mark.parametrize("name", ["unauthorized", "x509:", "no such host", "manifest unknown", "dial tcp"])
def test_what_is_quoted_does_not_count(name: str) -> None:
    assert kind_of_error(f'Back-off pulling image "r.example/{name}:1"') == ""


def test_last_clause_names_the_reason() -> None:
    assert last_clause(REQUEST + "dial tcp 10.1.1.1:443: connect: connection refused") == "connection refused"
    assert last_clause("a: b: x: 403 Forbidden") == "403 Forbidden"
