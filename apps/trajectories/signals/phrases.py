"""How people say that an answer was wrong, or right: English, German, French, Spanish, Chinese,
Japanese. What is not in here is not a signal; a judge reads the rest."""

import re
import unicodedata

# A no by itself, as a word of its own at the very beginning.
_NO = re.compile(r"(?:no|nope|nein|nee|non|いいえ|いや)\s*[,.!:;、。！，…—–-]")

# Where a sentence begins, or what it is about: "fix the test that is wrong" corrects nobody.
_START = r"(?:^|[.!?;,:\n—–-]\s*|\b(?:but|no|sorry|think|aber|nein|mais|non|pero)[ ,]+)"
_EARLY = r"^(?:\w+\W+){0,2}"
_ENGLISH = (
    _START + r"(?:that|this|it)(?:'s| is| was| looks) (?:(?:still|just|completely|simply) )?"
    r"(?:wrong|incorrect|not (?:right|correct|true|what i|it\b|quite right))",
    _START + r"(?:that|this|it) (?:isn't|wasn't|doesn't look) (?:right|correct|true|what i)",
    r"\byour (?:answer|output|result|code|date|format)s? (?:is|are|was) (?:still )?"
    r"(?:wrong|incorrect)",
    r"^(?:wrong|incorrect|not quite|not right|still wrong|try again)\b",
    r"\byou (?:forgot|misunderstood|misread|ignored|did ?n[o']t (?:do|follow|use|read|include))",
    _EARLY + r"(?:you missed|i (?:already )?(?:said|told you|asked (?:you )?(?:for|to)|meant))\b",
    _START + r"(?:that|this|it)(?: still)? (?:doesn't|does not) work\b",
)
_GERMAN = (
    _START + r"(?:das|es|dies) (?:ist|war) (?:immer noch |leider |so )?"
    r"(?:falsch|nicht (?:richtig|korrekt|das))",
    _START + r"(?:das )?stimmt (?:so |leider )?nicht\b",
    r"^(?:falsch|leider falsch|so nicht|immer noch falsch)\b",
    r"\bdu hast .{0,40}(?:vergessen|missverstanden|übersehen|ignoriert)",
    _EARLY + r"(?:ich meinte|ich hatte .{0,30}gesagt)\b",
    _START + r"(?:das|es) funktioniert (?:so |immer noch )?nicht\b",
)
_FRENCH = (
    r"\bc'est (?:encore |toujours )?(?:faux|incorrect|pas (?:ça|bon|correct|juste|ce que))",
    r"\bce n'est pas (?:ça|bon|correct|juste|ce que)",
    r"^(?:faux|incorrect|pas tout à fait)\b",
    r"\b(?:tu as|vous avez) (?:oublié|mal compris|ignoré)",
    r"\b(?:tu te trompes|vous vous trompez|je voulais dire)\b",
    _START + r"(?:ça|cela) ne (?:marche|fonctionne) (?:toujours )?pas\b",
)
_SPANISH = (
    r"\b(?:eso|esto) (?:no es (?:correcto|cierto|lo que|así)|está mal|es incorrecto)",
    r"\b(?:sigue|aún está|todavía está) mal\b|^(?:está mal|mal|incorrecto)\b",
    r"\bno es (?:correcto|lo que (?:pedí|te pedí|quería|dije))",
    r"\b(?:te equivocas|te has equivocado|se equivoca|olvidaste|has olvidado|no entendiste)\b",
    r"\b(?:quise decir|quería decir)\b",
    r"^(?:eso |esto |aún |todavía )*no funciona\b",
)
_CHINESE = (
    r"^(?:不[,，。!！]|不是(?:的|这样|[,，。!！])|不对|错了)",
    r"(?:还是|这|答案|完全)(?:不对|错了|错的)|你(?:搞|弄|理解|算|写)错|不正确",
    r"我(?:说的是|的意思是|要的是)|你(?:忘了|漏了)",
)
_JAPANESE = (
    r"^(?:違い|違う|ちがい|ちがう)|(?:それ|これ)は?(?:違|間違)",
    r"間違(?:って|えて|いです|ってい)|正しくな(?:い|く)|そうではな|そうじゃな",
    r"と言った(?:はず|のに)",
)
_WRONG = re.compile("|".join([*_ENGLISH, *_GERMAN, *_FRENCH, *_SPANISH, *_CHINESE, *_JAPANESE]))
# Words that hold one of the above and say the opposite.
_NOT_WRONG = re.compile(
    r"不错|没错|間違いな|間違いありません|違いない|nicht falsch|not wrong|isn't wrong"
    r"|nothing wrong|not incorrect|pas faux|no está mal",
)
# At the beginning, behind a word or two: "and thanks" at the end of a request is politeness.
_THANKS = re.compile(
    r"(?:[^\W\d_]+\W+){0,2}"
    r"(?:thanks?\b|thank you|thx\b|perfect\b|excellent\b|exactly\b|brilliant\b|awesome\b"
    r"|well done|great (?:job|work|answer)|works (?:now|great|perfectly)|that works|looks good"
    r"|danke\b|dankeschön|perfekt\b|super\b|prima\b|genau (?:so|das|richtig)|passt\b|klasse\b"
    r"|merci\b|parfait\b|génial\b|c'est (?:bon|parfait|exactement)"
    r"|gracias\b|perfecto\b|genial\b|excelente\b|muy bien\b"
    r"|谢谢|多谢|感谢|太好了|完美|很好|非常好|没错|不错"
    r"|ありがと|完璧|助かり|助かった|素晴らしい)",
)
_POLITE = re.compile(r"thank|thx|danke|merci|gracias|谢|感谢|ありがと")
# One of these is in everything that the patterns find: most messages need no pattern.
_HINTS = (
    *("wrong", "incorrect", "not ", "n't ", "forgot", "misunder", "misread", "ignored", "missed"),
    *("didnot", "didnt", "did not", "i said", "i already", "i told", "i asked", "i meant"),
    *("again", "falsch", "nicht", "vergessen", "missverst", "übersehen", "ignoriert", "ich meinte"),
    *("ich hatte", "faux", "pas ", "tu as", "vous avez", "trompe", "je voulais"),
    *("no es", "está mal", "sigue mal", "mal", "equivoca", "olvid", "no ent", "quise", "quería"),
    *("no funciona", "不", "错", "我说", "我的意思", "我要", "你忘", "你漏"),
    *("違", "ちが", "間違", "正しく", "そう", "と言った"),
)
_READ = 160

_WORD = re.compile(r"\w+")
# What is added to a request that is made again.
_FILLERS = frozenset(
    (
        *("please", "pls", "again", "still", "so", "now", "just", "once", "more", "i", "said"),
        *("hello", "hey", "and", "but", "ok", "okay", "bitte", "nochmal", "noch", "einmal"),
        *("doch", "jetzt", "aber", "s", "il", "te", "vous", "plaît", "encore", "une", "fois"),
        *("por", "favor", "otra", "vez", "de", "nuevo"),
    )
)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# In characters: what politeness may add.
_ADDED = 60
_WORDS_LEAST, _WIDE_LEAST = 4, 8


def is_correction(text: str) -> bool:
    """Whether somebody says with this that the answer before it was wrong."""
    said = _plain(text)
    if any(hint in said for hint in _HINTS) and _WRONG.search(_NOT_WRONG.sub("", said)):
        return True
    return _NO.match(said) is not None and _POLITE.search(said) is None


def is_thanks(text: str) -> bool:
    """Whether somebody begins by thanking or praising."""
    return _THANKS.match(_plain(text)) is not None


def is_repetition(text: str, before: str) -> bool:
    """Whether a request says the same as the one before it, but for politeness.

    Short ones ("go on", "run the tests") are rightly said many times.
    """
    if abs(len(text) - len(before)) > _ADDED:
        return False
    words = _words(text)
    wide = sum(len(word) for word in words if _WIDE.search(word))
    if len(words) < _WORDS_LEAST and wide < _WIDE_LEAST:
        return False
    return words == _words(before)


def _plain(text: str) -> str:
    start = unicodedata.normalize("NFC", text[:_READ]).replace("’", "'").lower()
    return start.lstrip(" \t\r\n\"'“”«»*_>¡¿")


def _words(text: str) -> list[str]:
    found = _WORD.findall(unicodedata.normalize("NFKC", text[: 2 * _READ]).casefold())
    return [word for word in found if word not in _FILLERS]
