"""kill -9 while phones hand in photos: no fact is ever without its file.

``JIAOYING_KILLS`` says how often (a few by default), ``JIAOYING_SEED`` which instants.
"""

import os
import random
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import yaml
from sqlalchemy import Connection

from notifier.evidence import check, given, sweep
from notifier.ledger import verify
from notifier.ledger.store import connect
from tests.chaos.program import ROOT, Dead, address_of, ended
from tests.notifier.pictures import photo

KILLS = int(os.environ.get("JIAOYING_KILLS", "3"))
SEED = int(os.environ.get("JIAOYING_SEED", "0"))
RULES = 20
_LINK = re.compile(r'href="(http[^"]+/a/[^"]+)"')


def write_rules(folder: Path) -> None:
    rules = {
        "单位": {"应急办": {"负责人": "周敏", "群": "群"}},
        "人员": {"周敏": {"企业微信": "zhoumin"}},
        "通道": {"群": {"平台": "企业微信群机器人", "地址": "沙箱"}},
        "规则": [
            {"编号": f"QX-{n:02}", "事项": f"检查{n}", "责任人": "周敏", "频次": "每季度至少1次"}
            for n in range(RULES)
        ],
    }
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules, allow_unicode=True), "utf-8")


def spawn(folder: Path) -> "subprocess.Popen[bytes]":
    words = ["run", "--rules", str(folder / "rules.yaml"), "--data", str(folder / "data")]
    words += ["--at", "2026-07-01T09:00:30+08:00", "--port", "0"]
    return subprocess.Popen(
        [sys.executable, "-m", "notifier", *words], cwd=ROOT, stderr=subprocess.PIPE
    )


def link_of(address: str) -> str:
    """Give the path of the phone's page; the address differs at every start."""
    while True:
        found = _LINK.search(httpx.get(f"{address}/sandbox", trust_env=False).text)
        if found:
            return "/a/" + found[1].rpartition("/")[2]


def photos(rng: random.Random) -> Iterator[bytes]:
    while True:
        yield photo(f"#{rng.randrange(0xFFFFFF):06x}", (rng.randrange(20, 900), 40))


def hand_in(page: str, rng: random.Random, begun: threading.Event) -> set[str]:
    """Hand in one photo after another until the program is gone; give what was confirmed."""
    confirmed: set[str] = set()
    with httpx.Client(trust_env=False) as client:
        for number, body in enumerate(photos(rng)):
            key = f"QX-{number % RULES:02}/周敏/2026Q3"
            try:
                answer = client.post(
                    f"{page}/evidence",
                    data={"key": key},
                    files={"files": ("现场.jpg", body, "image/jpeg")},
                )
            except httpx.HTTPError:
                return confirmed
            assert answer.status_code == 303, answer.text
            confirmed.add(sha256(body).hexdigest())
            begun.set()
    return confirmed


def strike(folder: Path, rng: random.Random) -> set[str]:
    """Start the program, hand in photos, kill it at a random instant; give what was confirmed."""
    with ended(spawn(folder)) as program:
        address = address_of(program)
        page = address + link_of(address)
        begun = threading.Event()

        def kill() -> None:
            begun.wait(20)
            program.kill()

        threading.Timer(rng.uniform(0.05, 0.6), kill).start()
        return hand_in(page, rng, begun)


def examine(connection: Connection, evidence: Path) -> set[str]:
    """Prove the ledger and its files; give the digests that it names."""
    assert verify(connection)[1] is None
    assert check(connection, evidence)[1] is None
    return {fact.digest for _, fact in given(connection)}


def test_no_fact_is_without_its_file_and_an_orphan_is_swept(tmp_path: Path) -> None:
    rng = random.Random(SEED)  # noqa: S311 the same instants again, no secret
    write_rules(tmp_path)
    confirmed: set[str] = set()
    for _ in range(KILLS):
        try:
            confirmed |= strike(tmp_path, rng)
        except Dead:
            continue
    evidence = tmp_path / "data" / "evidence"
    engine = connect(f"sqlite:///{tmp_path / 'data' / 'jiaoying.db'}")
    try:
        with engine.connect() as connection:
            named = examine(connection, evidence)
            assert confirmed
            assert confirmed <= named
            later = datetime.now(UTC) + timedelta(days=2)
            sweep(evidence, named.__contains__, later)
            left = {path.parent.name + path.name for path in evidence.glob("??/*")}
            assert left == named
            assert not list(evidence.glob(".draft-*"))
            assert examine(connection, evidence) == named
    finally:
        engine.dispose()
