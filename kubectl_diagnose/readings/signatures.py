"""How programs word the reasons for which they end, by language and by server."""

import re
from enum import StrEnum

from kubectl_diagnose.model.patterns import regex


class CrashKind(StrEnum):
    """What a program said that it died of."""

    RBAC_FORBIDDEN = "rbac forbidden"
    CREDENTIALS_REJECTED = "credentials rejected"
    PRIVILEGED_PORT = "privileged port"
    PORT_IN_USE = "port in use"
    READ_ONLY = "read-only file system"
    DISK_FULL = "disk full"
    HEAP_EXHAUSTED = "heap exhausted"
    HOST_UNRESOLVABLE = "host unresolvable"
    DEPENDENCY_UNREACHABLE = "dependency unreachable"
    CONNECTIONS_EXHAUSTED = "database connections exhausted"
    DATABASE_READ_ONLY = "database read-only"
    ENV_MISSING = "environment variable missing"
    MODULE_MISSING = "module missing"
    WRONG_ARCHITECTURE = "wrong architecture"
    COMMAND_NOT_EXECUTABLE = "command not executable"
    COMMAND_NOT_FOUND = "command not found"
    PERMISSION_DENIED = "permission denied"
    FILE_MISSING = "file missing"
    ARGUMENTS_WRONG = "arguments wrong"
    SEGFAULT = "segmentation fault"
    PANIC = "panic"


_HOST = r"(?P<host>[a-zA-Z0-9][\w.-]{0,99})"
_ADDRESS = _HOST + r"[^\s\w]{0,3}(?:[: ]|,? port )(?P<port>\d{2,5})"
_NAME = r"['\"`]?(?P<name>[A-Za-z][A-Za-z0-9_.]{2,})['\"`]?"
_UPPER = r"['\"`]?(?P<name>[A-Z][A-Z0-9_]{2,60})['\"`]?"
_LACKING = (
    r"(?:not (?:been )?(?:set|defined|found|provided|specified|present)"
    r"|unset|undefined|missing|required|mandatory|empty)"
)
_REFUSED = r"(?:connection refused|ECONNREFUSED|actively refused|can't connect|could not connect|failed to connect)"
_UDP = r"(?:(?:read|dial) udp \S+: )?"
_IN_USE = r"(?i:address (?:is )?(?:already )?in use)"
_LATE = r"(?:i/o timeout|ETIMEDOUT|EHOSTUNREACH|connect(?:ion)? timed out|no route to host|network is unreachable)"

# The first kind with a match wins, so the more telling one stands above those that it may contain; within a kind the
# first pattern wins, so those that name something stand above those that do not.
_PATTERNS: tuple[tuple[CrashKind, tuple[str, ...]], ...] = (
    (
        CrashKind.RBAC_FORBIDDEN,
        (
            (
                r"is forbidden: User \"(?P<user>system:serviceaccount:[^\"]+)\" cannot (?P<verb>\w+) resource "
                r"\"(?P<resource>[^\"]+)\"(?: in API group \"(?P<group>[^\"]*)\")?"
                r"(?: in the namespace \"(?P<namespace>[^\"]+)\")?"
            ),
            r"is forbidden: User \"(?P<user>system:serviceaccount:[^\"]+)\"",
        ),
    ),
    (
        CrashKind.CREDENTIALS_REJECTED,
        (
            r"password authentication failed for user \"(?P<user>[^\"]+)\"",
            r"Access denied for user '(?P<user>[^']+)'",
            r"Login failed for user '(?P<user>[^']+)'",
            r"role \"(?P<user>[^\"]+)\" does not exist",
            (
                r"WRONGPASS|NOAUTH|invalid username-password pair|ACCESS_REFUSED|SASL authentication failed|SaslAuthentication"
                r"|ORA-01017|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidClientTokenId|(?i:authentication failed)"
                r"|(?i:invalid (?:credentials|api key|password)|login was refused|bad credentials)|401 Unauthorized"
            ),
        ),
    ),
    (
        CrashKind.PRIVILEGED_PORT,
        (
            r"(?i:bind|listen|socket|address).*?[:\]](?P<port>\d{1,3})\b(?!\.).*?(?i:permission denied)",
            r"(?i:listen|bind).*?(?:EACCES|(?i:permission denied)).*?:(?P<port>\d{1,3})\b",
            r"(?i:bind(?:\(\))?: permission denied|can't bind.*permission denied)",
        ),
    ),
    (
        CrashKind.PORT_IN_USE,
        (
            r"(?:EADDRINUSE|" + _IN_USE + r").*?(?:[:\]]|port |, )(?P<port>\d{2,5})\b",
            r"(?i:port) (?P<port>\d{2,5}) (?:was|is) already (?:in use|allocated)",
            r"(?:[:\]]|', )(?P<port>\d{2,5})\b.*?(?:EADDRINUSE|" + _IN_USE + r"|only one usage of each socket)",
            r"EADDRINUSE|AddrInUse|" + _IN_USE + r"",
        ),
    ),
    (CrashKind.READ_ONLY, (r"(?i:read-only file ?system)|EROFS",)),
    (CrashKind.DISK_FULL, (r"(?i:no space left on device|disk quota exceeded|could not extend file|disk full)|ENOSPC",)),
    (
        CrashKind.HEAP_EXHAUSTED,
        (
            r"java\.lang\.OutOfMemoryError: (?P<what>[\w ]+)",
            (
                r"JavaScript heap out of memory|Reached heap limit|fatal error: runtime: out of memory|^MemoryError\b"
                r"|OutOfMemoryException|Allowed memory size of \d+ bytes exhausted|NoMemoryError|std::bad_alloc"
                r"|memory allocation of \d+ bytes failed|(?i:cannot allocate memory)"
            ),
        ),
    ),
    (
        CrashKind.CONNECTIONS_EXHAUSTED,
        (
            (
                r"(?i:too many (?:clients already|connections)|remaining connection slots are reserved)|ER_CON_COUNT_ERROR"
                r"|max number of clients reached"
            ),
        ),
    ),
    (
        CrashKind.DATABASE_READ_ONLY,
        (
            (
                r"cannot execute [A-Z ]+ in a read-only transaction|READONLY You can't write against a read only replica"
                r"|running with the --(?:super-)?read-only option|NotWritablePrimary"
            ),
        ),
    ),
    (
        CrashKind.HOST_UNRESOLVABLE,
        (
            rf"lookup {_HOST}(?: on \S+)?: {_UDP}(?:no such host|server misbehaving|Temporary failure|i/o timeout)",
            rf"getaddrinfo (?:ENOTFOUND|EAI_AGAIN) {_HOST}",
            rf"could not translate host name \"{_HOST}\"",
            rf"UnknownHostException: {_HOST}",
            rf"bad address '?{_HOST}",
            rf"(?i:could not resolve (?:host|hostname)|unable to resolve host(?: address)?|failed to resolve):? ['\"]?{_HOST}",
            rf"(?i:host not found in upstream) \"{_HOST}",
            rf"(?:can't resolve|server can't find) '?{_HOST}?'?(?=:|'|$|\s)",
            rf"Unknown MySQL server host '{_HOST}'",
            rf"Error -\d+ connecting to {_HOST}:\d+",
            rf"getaddrinfo for {_HOST} failed",
            rf"[Nn]ame or service not known \(?{_HOST}:\d+",
            (
                r"(?i:name or service not known|temporary failure in name resolution|nodename nor servname provided"
                r"|failed to lookup address information)|socket\.gaierror|ENOTFOUND|EAI_AGAIN"
            ),
        ),
    ),
    (
        CrashKind.DEPENDENCY_UNREACHABLE,
        (
            rf"dial tcp {_ADDRESS}.*?(?i:connection refused|timeout|timed out|no route|unreachable)",
            rf"(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH) {_ADDRESS}",
            rf"server at \"{_HOST}\"[^,]*, port (?P<port>\d+) failed: (?i:connection (?:refused|timed out))",
            rf"Error \d+ connecting to {_ADDRESS}",
            rf"[Cc]onnection to (?:node -?\d+ \()?(?:{_HOST})[/\d.]*:(?P<port>\d+)\)? (?:could not be established|refused)",
            rf"(?:Can't|can't|could not|[Ff]ailed to|Couldn't) connect to (?:\w+ )*?(?:on |at )?['\"(]?{_ADDRESS}",
            rf"(?<![\w.-]){_HOST}(?: \([\d.]+)?:(?P<port>\d+)\)?: (?i:\[Errno 111\] )?(?i:connection refused|timed out)",
            rf"remote host \({_HOST}\): (?i:connection refused|.*timed out|no route to host)",
            rf"(?i){_REFUSED}|{_LATE}|server selection ?timeout|CommunicationsException|bootstrap broker .* disconnected",
        ),
    ),
    (
        CrashKind.ENV_MISSING,
        (
            rf"KeyError: {_UPPER}\s*$",
            rf"(?i:env(?:ironment)? var(?:iable)?s?):? (?i:named )?{_UPPER}.{{0,30}}?(?i:{_LACKING}|must be set)",
            rf"(?i:{_LACKING})(?i: required)? (?i:env(?:ironment)? (?:variables?|vars?))[: ]+{_UPPER}",
            rf"(?<!\w){_UPPER} (?i:(?:env(?:ironment)? var(?:iable)? )?(?:is|was|has been) {_LACKING})\b",
            rf"(?<!\w){_UPPER} (?i:(?:env(?:ironment)? var(?:iable)? )?(?:must|needs to|has to) be (?:set|defined|given))\b",
            r"\b(?P<name>[A-Za-z_]\w+): (?:parameter not set|unbound variable|parameter null or not set)",
            rf"Could not resolve placeholder {_NAME}",
            rf"key not found: {_UPPER}",
            rf"required key {_UPPER} missing value",
            rf"(?i:you (?:must|need to) specify) {_UPPER}",
            r"(?i:environment variable not found)|^\s*- (?P<name>[A-Z]+_ROOT_PASSWORD)\s*$",
        ),
    ),
    (
        CrashKind.MODULE_MISSING,
        (
            r"(?:ModuleNotFoundError|ImportError): No module named ['\"]?(?P<module>[\w.]+)",
            r"Cannot find (?:module|package) ['\"](?P<module>[^'\"]+)",
            r"(?:ClassNotFoundException|NoClassDefFoundError): (?P<module>[\w.$/]+)",
            r"[Cc]ould not find or load main class (?P<module>[\w.$/]+)",
            r"cannot load such file -- (?P<module>\S+)",
            r"Class ['\"](?P<module>[^'\"]+)['\"] not found|Failed opening required '(?P<file>[^']+)'",
            r"Could not load file or assembly '(?P<module>[^',]+)",
            r"(?:error while loading shared libraries: |Error loading shared library )(?P<module>[^:\s]+)",
            r"version `(?P<module>GLIBC\w*_[\d.]+)' not found",
            r"Can't locate (?P<module>\S+) in @INC",
        ),
    ),
    (CrashKind.WRONG_ARCHITECTURE, (r"(?i:exec format error|cannot execute binary file)",)),
    (
        CrashKind.COMMAND_NOT_EXECUTABLE,
        (r"^exec (?P<path>/\S+): permission denied", r"^(?:/bin/)?(?:ba|da)?sh: (?:\d+: )?(?P<path>\S+): Permission denied$"),
    ),
    (
        CrashKind.COMMAND_NOT_FOUND,
        (r"^exec (?P<path>/\S+): no such file", r"^\S*sh: (?:line )?(?:\d+: )*(?P<path>\S+): (?:command )?not found\s*$"),
    ),
    (
        CrashKind.PERMISSION_DENIED,
        (r"EACCES|(?i:permission denied)|AccessDeniedException|(?i:operation not permitted)|UnauthorizedAccessException",),
    ),
    (CrashKind.FILE_MISSING, (r"(?i:no such file or directory)|ENOENT|FileNotFound(?:Error|Exception)|NoSuchFileException",)),
    (
        CrashKind.ARGUMENTS_WRONG,
        (
            (
                r"(?i:unknown|unrecognized|invalid|unsupported) (?i:flag|option|argument|command|directive|subcommand)s?:? "
                r"['\"]?(?P<argument>[^\s'\"]+)"
            ),
            r"flag provided but not defined: (?P<argument>\S+)",
            (
                r"(?:unknown shorthand flag: |illegal option -- |unexpected argument |: invalid number )"
                r"'?(?P<argument>-{0,2}\w[\w-]*)"
            ),
            r"^\s*(?:[Uu]sage|USAGE)(?: of)?:?\s+\S+",
        ),
    ),
    (CrashKind.SEGFAULT, (r"(?i:^segmentation fault|core dumped)",)),
    (
        CrashKind.PANIC,
        (
            r"^panic: (?P<what>.+)",
            r"^fatal error: (?P<what>.+)",
            r"panicked at (?P<what>.+)",
            r"^(?:Caused by: |Exception in thread \"[^\"]+\" )(?P<what>\S.+)",
            r"(?i:^unhandled (?:exception|rejection)\W*)(?P<what>.+)",
            r"^PHP Fatal error:\s+(?P<what>.+)",
            r"^terminate called after throwing an instance of (?P<what>.+)",
            r"^(?P<what>(?:[\w$]+\.)*[A-Z][A-Za-z]*(?:Error|Exception|Interrupt|Exit)(?::.*| \[.*)?)$",
            r"^\S+:\d+:in [`'].*': (?P<what>.+)",
        ),
    ),
)
SIGNATURES: tuple[tuple[CrashKind, tuple["re.Pattern[str]", ...]], ...] = tuple(
    (kind, tuple(regex(p) for p in patterns)) for kind, patterns in _PATTERNS
)
