"""Workbooks mutated from the corpus by a seed: the same thousand on every machine."""

import random
import zipfile
from io import BytesIO
from pathlib import Path

from tests.workbooks.making import Xml, people, person
from tests.workbooks.test_corpus import make_all

SEED = 20261123
LARGE = {"row.xlsx", "text.xlsx", "line.csv"}  # once inflated; met as they are
WORDS = (
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<f>WEBSERVICE(\"http://a\")</f>", b"\x00", b"]]>",
    b"r=\"XFD1048576\"", b"1e400", "٣²".encode(), b"<row r=\"0\">", b"&b;", b"\xff\xfe",
)  # fmt: skip
MEET = """
import json, resource, sys, time
from pathlib import Path
from tests.workbooks.making import read
from workbooks.inventory import FileRefused

def outcome(path):
    try:
        table = read(path)
        list(table)
        return "read"
    except FileRefused as refused:
        return refused.code
    except Exception as error:
        print(path.name, repr(error), file=sys.stderr)
        return "crash"

paths = sorted(Path(sys.argv[1]).iterdir())
slowest, told = 0.0, []
for path in paths:
    started = time.monotonic()
    told.append(outcome(path))
    slowest = max(slowest, time.monotonic() - started)
# Not `ru_maxrss`: a new program inherits there what the one that started it once held.
status = Path("/proc/self/status").read_text()
own = int(status.partition("VmHWM:")[2].split()[0]) / 1024
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps({"outcomes": told, "own": own, "child": child, "slowest": slowest}))
"""


def mutated(folder: Path, count: int) -> None:
    """Write `count` files: the corpus, and what chance made of it."""
    chance = random.Random(SEED)  # noqa: S311
    seeds = folder.with_name(f"{folder.name}-seeds")
    seeds.mkdir()
    make_all(seeds)
    people(seeds / "many.xlsx", *(person(n) for n in range(1, 60)))
    odd = [
        person(n, remark=Xml('<c r="{ref}" t="e"><v>#N/A</v></c>')) for n in range(1, 9)
    ]
    people(seeds / "odd.xlsx", *odd)
    originals = sorted(seeds.iterdir())
    small = [path for path in originals if path.name not in LARGE]
    for number in range(count):
        if number < len(originals):
            source = originals[number]
            content = source.read_bytes()
        else:
            source = chance.choice(small)
            content = changed(source.read_bytes(), chance)
        (folder / f"{number:04d}{source.suffix}").write_bytes(content)


def changed(content: bytes, chance: random.Random) -> bytes:
    """Return the file with something wrong, inside a part where it is a zip."""
    if zipfile.is_zipfile(BytesIO(content)) and chance.random() < 0.7:
        return repacked(content, chance)
    return spoilt(content, chance)


def repacked(content: bytes, chance: random.Random) -> bytes:
    """Return the zip with one of its parts spoilt, renamed, doubled or left out."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        parts = [(name, package.read(name)) for name in package.namelist()]
    at = chance.randrange(len(parts))
    name, inside = parts[at]
    match chance.randrange(5):
        case 0:
            parts[at] = (f"../{name}", inside)
        case 1:
            del parts[at]
        case _:
            parts[at] = (name, spoilt(inside, chance))
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for each, its in parts:
            package.writestr(each, its)
    return out.getvalue()


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """Return the bytes cut, flipped, repeated or with a word in their middle."""
    if not content:
        return chance.randbytes(40)
    at = chance.randrange(len(content))
    match chance.randrange(4):
        case 0:
            return content[:at]
        case 1:
            return (
                content[:at]
                + bytes([content[at] ^ (1 << chance.randrange(8))])
                + content[at + 1 :]
            )
        case 2:
            return content[:at] + content[at : at + 200] * 3 + content[at:]
        case _:
            return content[:at] + chance.choice(WORDS) + content[at:]
