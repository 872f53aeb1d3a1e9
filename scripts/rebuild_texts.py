"""Put texts back into an export that was made without them, and check that they are the same.

    python rebuild_texts.py WITHHELD.jsonl TEXTS > WHOLE.jsonl

WITHHELD.jsonl is native JSON Lines, exported with `text=hash`, `text=quotes` or `text=scrambled`. TEXTS is a folder of
files ID.txt, or JSON Lines with `id` and `text`, which you made from the articles' addresses (`url`). Nothing is
fetched. A text counts as the same when its SHA-256 is that of `metadata.text_sha256`, after a byte-order mark is
dropped, line breaks are line feeds, and white space around it is cut. Only Python's own library is needed.
"""

import hashlib
import json
import pathlib
import sys

JOINER = " … "


def text_of(folder, key):
    path = folder / f"{key}.txt"
    return path.read_text(encoding="utf-8-sig", newline="") if path.is_file() else None


def texts_in(path):
    """A function from an article's id to its text, or None."""
    if path.is_dir():
        return lambda key: text_of(path, key)
    with path.open(encoding="utf-8-sig") as file:
        found = {raw["id"]: raw["text"] for raw in map(json.loads, file)}
    return found.get


def same(text, wanted):
    """The text in the form whose SHA-256 was asked for, or None."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for form in (plain, plain.rstrip("\n"), plain.strip(), plain.strip() + "\n"):
        if hashlib.sha256(form.encode()).hexdigest() == wanted:
            return form
    return None


def rebuilt(document, text):
    """The document with its text, quotes whole, and without what stood for the text."""
    document.pop("text", None)
    metadata = document.pop("metadata")
    metadata.pop("text_sha256")
    metadata.pop("text_characters", None)
    sets = document.pop("annotation_sets", None)
    whole = {"id": document.pop("id")}
    if "title" in document:
        whole["title"] = document.pop("title")
    whole |= {"text": text, **document}
    if metadata:
        whole["metadata"] = metadata
    if sets:
        whole["annotation_sets"] = sets
    for one in sets or ():
        for span in one.get("spans", ()):
            span["quote"] = JOINER.join(text[start:end] for start, end in span["fragments"])
    return whole


def main(withheld, texts):
    """The number of articles that could not be rebuilt."""
    text_for = texts_in(pathlib.Path(texts))
    failed = 0
    with pathlib.Path(withheld).open(encoding="utf-8") as file:
        for line in file:
            document = json.loads(line)
            wanted = document.get("metadata", {}).get("text_sha256")
            if wanted is None:
                sys.stdout.write(line)
                continue
            given = text_for(document["id"])
            text = None if given is None else same(given, wanted)
            if text is None:
                reason = "there is no text" if given is None else "the text is another one"
                sys.stderr.write(f"{document['id']}: {reason} ({document.get('url', 'no address')}).\n")
                failed += 1
                continue
            sys.stdout.write(json.dumps(rebuilt(document, text), ensure_ascii=False, separators=(",", ":")) + "\n")
    if failed:
        sys.stderr.write(f"{failed} articles are left out.\n")
    return failed


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    raise SystemExit(1 if main(*sys.argv[1:]) else 0)
