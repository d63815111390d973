"""The phrases, commands and shapes that ``lint_safety`` looks for. Data, no logic."""

import re
from typing import Final


def _phrase(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.IGNORECASE)


_THE = r"(?: (?:the|our|of|these|those|and|other|given))"
_OLD = (
    r"(?: (?:all|any|every|your|my|previous|prior|above|earlier|preceding|former|existing|original"
    r"|initial|foregoing|system|safety))"
)
_ORDERS = (
    r"(?:instructions?|rules?|prompts?|guidelines?|directions?|directives?|polic(?:y|ies)|orders"
    r"|constraints|messages|context)"
)
_PEOPLE = r"(?:users?|humans?|operators?|customers?|reviewers?|owners?|admins?|anyone|anybody|them)"

# Matched against folded text: lower case, emphasis and quotes removed, one blank between words.
INJECTION: Final = (
    _phrase(
        rf"\b(?:ignore|disregard|forget|override|bypass|discard)(?:{_THE}|{_OLD}){{0,3}}{_OLD}"
        rf"{_THE}{{0,2}} {_ORDERS}\b"
    ),
    _phrase(r"\b(?:ignore|disregard|forget) (?:everything|anything|all) (?:above|before|you|said)"),
    _phrase(
        r"\b(?:do not|dont|don t|never|must not|without|avoid) (?:tell(?:ing)?|inform(?:ing)?"
        rf"|alert(?:ing)?|notify(?:ing)?|warn(?:ing)?)(?: to)?(?: the| your| any)? {_PEOPLE}\b"
    ),
    _phrase(
        rf"\b(?:hide|conceal|keep)\b[^.]{{0,30}}\b(?:from|secret from)(?: the| your)? {_PEOPLE}\b"
    ),
    _phrase(
        r"\b(?:reveal|print|show|repeat|output|leak|expose|disclose|dump|recite|send|give|return)"
        r"(?: me| us| back)?(?: the| your| its| this| all| full| whole| entire| hidden| exact"
        r"| of){0,4} (?:system|developer|initial|hidden) (?:prompts?|messages?|instructions?)\b"
    ),
    _phrase(
        r"\byou are (?:now|no longer)\b.{0,40}\b(?:dan|unrestricted|jailbroken|bound|free|mode)\b"
    ),
    _phrase(
        r"\b(?:enable|enter|activate|switch to) (?:developer|god|dan|debug|admin|jailbreak) mode\b"
    ),
    _phrase(r"\b(?:jailbreak|do anything now)\b"),
    _phrase(
        r"\bact as (?:if|though) (?:you have|there (?:are|were)) no (?:rules|restrictions|limits"
        r"|filters|guidelines)\b"
    ),
    _phrase(r"\b(?:new|updated|real|true) (?:system )?(?:instructions|prompt) ?:"),
    _phrase(r"\bsystem override\b"),
    _phrase(
        r"\b(?:send|post|upload|forward|transmit|exfiltrate|email|mail|copy)\b[^.]{0,60}"
        r"\b(?:api keys?|credentials|secrets|passwords|tokens|environment variables|private keys?"
        r"|conversation|chat (?:history|log))\b[^.]{0,30}"
        r" to (?:http|this|my|the following|an? external)"
    ),
    # German, French, Spanish, Portuguese, Italian
    _phrase(
        r"\bignorier\w* (?:alle |die |deine |s[äa]mtliche )*(?:vorherigen|bisherigen|obigen|alten)"
    ),
    _phrase(r"\bvergiss (?:alle|alles|die)\b.{0,30}(?:anweisung|regel|davor|bisher|vorher)"),
    _phrase(
        r"\b(?:sage?|verrate) (?:dem|der|den) (?:nutzer\w*|benutzer\w*|kund\w+) (?:nicht|nichts)\b"
    ),
    _phrase(
        r"\b(?:ignor|oubli)\w*\b.{0,20} (?:instructions|consignes|r[èe]gles) (?:pr[ée]c|ant|ci)"
    ),
    _phrase(r"\bne (?:dis|dites|dire|r[ée]v[èe]le\w*) (?:pas|rien)\b.{0,20}utilisateur"),
    _phrase(
        r"\b(?:ignora|olvida|ignore|esque[çc]a)\w*\b.{0,20}\b(?:instruc\w+|istruzioni|reglas|regras)"
    ),
    _phrase(r"\bno (?:le |se lo )?(?:digas|diga|informes|reveles)\b.{0,16} (?:usuario|cliente)"),
    _phrase(r"\bn[ãa]o (?:diga|conte|informe|revele)\b.{0,16} (?:usu[áa]rio|cliente)"),
    _phrase(r"\bnon (?:dire|rivelare|informare)\b.{0,16} (?:utente|cliente)"),
    # Russian, Chinese, Japanese, Korean
    _phrase(
        r"(?:игнорируй|забудь|не обращай внимания на)\w*.{0,20}(?:предыдущ|прошл|прежн|все|выше)"
    ),
    _phrase(r"не (?:говори|сообщай|рассказывай)\w* (?:об этом )?(?:пользовател|клиент)"),
    _phrase(
        r"(?:忽略|无视|無視|忘记|忘掉).{0,8}(?:之前|以上|上面|先前|前面|所有|以前).{0,8}(?:指令|指示|说明|提示|规则)"
    ),
    _phrase(r"(?:不要|别|勿|不得)(?:告诉|告知|通知|提醒)(?:用户|客户|任何人)"),
    _phrase(r"(?:以前|上記|これまで|前|すべて|全て)の.{0,6}(?:指示|命令|ルール)を?(?:無視|忘れ)"),
    _phrase(
        r"(?:ユーザー|利用者)に(?:は)?(?:言わない|言うな|伝えない|伝えるな|知らせない|知らせるな)"
    ),
    _phrase(r"(?:이전|위의|앞의|기존).{0,6}(?:지시|명령|지침).{0,6}(?:무시|잊)"),
    _phrase(r"(?:사용자|고객)에게.{0,8}(?:말하지|알리지)"),
)

PROMPT_MARKUP: Final = re.compile(
    r"</?\s*(?:metaclaw_\w+|system|assistant|developer|instructions)\s*>|<\|[a-z_]{2,20}\|>"
    r"|\[/?INST\]|<<SYS>>|^\s*(?:Human|Assistant|System)\s*:",
    re.IGNORECASE | re.MULTILINE,
)

HOST: Final = re.compile(
    r"\b(?:https?|ftp|wss?|ssh)://(?:[^\s/@]*@)?(?P<url>[^\s/:?#)\]>\"'`]+)"
    r"|(?<![\w@/.-])(?P<bare>(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,5}"
    r"(?:com|net|org|edu|gov|io|ai|app|dev|co|info|biz|xyz|top|site|online|cloud|link|click|tk|ru|cn|de"
    r"|fr|uk|eu|us|jp|in|br|nl|it|es|pl|ch|me|tv|gg|so|to|ly))(?![\w.-]*\w)"
    r"|(?<![\w.])(?P<ip>(?:\d{1,3}\.){3}\d{1,3})(?![\w.])",
    re.IGNORECASE,
)

_SHELL = r"(?:sudo\s+)?(?:/(?:usr/)?bin/)?(?:env\s+)?(?:ba|z|da|k|a|fi)?sh\b"
_RUNNER = rf"(?:{_SHELL}|(?:sudo\s+)?(?:python[\d.]*|perl|ruby|node|php|pwsh|powershell|iex)\b)"

DANGEROUS_SHELL: Final = (
    (
        _phrase(rf"\b(?:curl|wget|fetch|iwr|irm|invoke-webrequest)\b[^\n]*\|\s*{_RUNNER}"),
        "runs what a server sends, unseen",
    ),
    (
        _phrase(
            rf"(?:{_SHELL}\s+(?:-c\s+)?|\beval\s+|\bsource\s+|(?<!\S)\.\s+)[\"']?(?:<\(|\$\(|`)\s*(?:curl|wget)\b"
        ),
        "runs what a server sends, unseen",
    ),
    (_phrase(r"\biex\s*\(+\s*(?:iwr|irm|new-object)"), "runs what a server sends, unseen"),
    (
        _phrase(
            rf"\b(?:base64\s+(?:-d|-D|--decode)|xxd\s+-r\S*|openssl\s+enc\s+-d)\b[^\n]*\|\s*{_RUNNER}"
        ),
        "runs a hidden script",
    ),
    (
        _phrase(
            r"\brm\s+(?:-{1,2}[\w-]+\s+)*(?:-\w*[rR]\w*|--recursive)\s+(?:-{1,2}[\w-]+\s+)*[\"']?"
            r"(?:/(?:\s|\*|$|[\"'`;&|)])|/(?:etc|usr|var|home|bin|boot|root|lib)\b/?[\"']?(?:\s|\*|$|[`;&|)])"
            r"|~/?(?:\s|\*|$|[`;&|)])|\$\{?HOME\}?/?[\"']?(?:\s|\*|$|[`;&|)])|\*(?:\s|$|[`;&|)]))"
        ),
        "deletes more than one means to",
    ),
    (_phrase(r"--no-preserve-root"), "deletes the whole machine"),
    (_phrase(r"\bchmod\s+(?:-\w+\s+)*(?:0?777|a\+rwx|ugo\+rwx)\b"), "lets everybody write"),
    (
        _phrase(r"\bmkfs(?:\.\w+)?\s+\S*/dev/|\bdd\s+[^\n]*\bof=/dev/(?:sd|nvme|hd|vd|disk)"),
        "erases a disk",
    ),
    (_phrase(r">\s*/dev/(?:sd|nvme|hd|vd|disk)\w"), "erases a disk"),
    (_phrase(r":\s*\(\s*\)\s*\{\s*:\s*\|\s*:\s*&\s*\}\s*;\s*:"), "exhausts the machine"),
    (
        _phrase(r"/dev/tcp/|\bnc(?:at)?\s+(?:-\w+\s+)*-\w*[ec]\s*\S*sh\b"),
        "opens a shell to another machine",
    ),
    (
        _phrase(r"\b(?:nslookup|dig|host|ping)\s[^\n]*\$\("),
        "sends what a command prints to whoever answers for the name",
    ),
    (_phrase(r"\bhistory\s+-c\b|\bunset\s+HISTFILE\b"), "hides what was done"),
)

ENCODED_RUNS: Final = (
    # Letters and digits alone: no word is that long.
    re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9]{41,}={0,2}(?![A-Za-z0-9+/_-])"),
    # With the other base64 signs a path would match too; encoded bytes mix cases and digits.
    re.compile(
        r"(?<![A-Za-z0-9+/_-])(?=[A-Za-z+/_-]*\d)(?=[a-z0-9+/_-]*[A-Z])(?=[A-Z0-9+/_-]*[a-z])"
        r"(?=[A-Za-z0-9]*[+/_-])[A-Za-z0-9+/_-]{41,}={0,2}"
    ),
    re.compile(r"(?:\\x[0-9a-f]{2}){11,}|(?:%[0-9a-f]{2}){14,}|(?:&#x?[0-9a-f]{2,6};){9,}", re.I),
    re.compile(r"(?:\b(?:0x)?[0-9a-f]{2}[ ,:]+){20,}", re.I),
)

HIDDEN_MARKUP: Final = re.compile(
    r"<!--[\s\S]*?(?:-->|\Z)|<\s*(?:script|style|template|iframe|object|embed)\b[^>]*>|display\s*:\s*none"
    r"|^\[[^\]\n]{1,64}\]:\s+#\s+[(\"']",
    re.IGNORECASE | re.MULTILINE,
)
