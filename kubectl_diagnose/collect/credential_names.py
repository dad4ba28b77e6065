"""Which names stand for credentials (``DB_PASSWORD``, ``apiKey``), and which values under them are none."""

from functools import lru_cache

from kubectl_diagnose.model.patterns import regex

_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(words.split())


_STRONG = word_set(
    "password passwd passphrase secret secrets token credential credentials creds apikey apikeys passwords authtoken"
)
_STRONG_ENDS = (
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "secretkey",
    "accesskey",
    "privatekey",
    "accountkey",
    "secret",
    "token",
)
# What comes last says what the value is: the name of a secret is none.
_ABOUT = word_set(
    "age alg algo algorithm arn attempts audience backend bucket class count dir directory disabled duration enable enabled "
    "endpoint engine exp expiration expire expires expiry field file filename format header host hostname hours interval "
    "issuer len length lifetime limit manager max method min minutes mode mount name namespace path policy port prefix "
    "provider ref refresh region required rotation seconds size store strategy suffix timeout ttl type types uri url "
    "user username validity version volume ms days param parameter location address id"
)
_KEY_OF_DATA = word_set(
    "public pub partition sort primary foreign cache routing index group shard hash unique row object map label host hot "
    "annotation taint topology config message"
)
_KEY_OF_SECRET = word_set(
    "api access secret private encryption encrypt signing sign auth account shared master license service client ssh "
    "session jwt hmac cipher aes rsa deploy crypto app application security admin subscription storage instrumentation user"
)
_HARMLESS = regex(
    r"(?i)(?:|true|false|yes|no|on|off|null|nil|none|\*+|<redacted>|\$[({]{1,2}[^)}]*[)}]{1,2}|\{\{.*\}\}|\$[A-Za-z_]\w*"
    r"|(?:file:)?(?:\./|/(?:etc|var|run|mnt|opt|home|secrets?|vault|tmp|app|usr|root|data|config|certs?|srv|keys)/)[\w./@-]*)"
)


def harmless(value: str) -> bool:
    """Whether a value is no credential whatever it is called: empty, a switch, a reference, a path."""
    return _HARMLESS.fullmatch(value.strip()) is not None


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """Split a name into lower-case words, at signs and where capitals begin."""
    return tuple(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=4096)
def credential_name(name: str) -> bool:
    """Whether a variable or a key of that name holds a credential."""
    words = words_of(name)
    return _strong(words) or (
        bool(words) and words[-1] in ("key", "keys") and not (len(words) > 1 and words[-2] in _KEY_OF_DATA)
    )


@lru_cache(maxsize=4096)
def credential_in_text(name: str) -> bool:
    """Whether ``name=value`` in free text gives a credential; stricter, since any word may stand there."""
    words = words_of(name)
    if name in ("Pwd", "pwd"):  # of a connection string; PWD is the working directory
        return True
    return _strong(words) or (len(words) > 1 and words[-1] in ("key", "keys") and words[-2] in _KEY_OF_SECRET)


def _strong(words: tuple[str, ...]) -> bool:
    if not words:
        return False
    last = words[-1]
    if last == "id":
        return len(words) > 1 and words[-2] in ("secret", "key")
    if last in _ABOUT:
        return False
    if last in ("pass", "pwd") and (last == "pass" or len(words) > 1):
        return True
    if last == "keys" and "ssh" in words and "authorized" in words:
        return False
    return any(word in _STRONG or word.endswith(_STRONG_ENDS) for word in words)
