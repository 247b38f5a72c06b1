# SPDX-License-Identifier: GPL-2.0-or-later
"""Each keyword of the specification is a row of a keyword table, as `keepalived --dump-keywords=json` shows them.

(That keepalived.conf(5) describes each row is a unit test.) The specification lies beside the project.
"""

import csv
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPECIFICATION = pathlib.Path(os.environ.get("SUSTAIN_SHARED", ROOT.parent / "shared")) / "spec"
# Rows that say of a word that it is none.
NO_KEYWORD = ("(not a keyword", "(documented but not a keyword")


def specified(table):
    """(block, keyword, whether it is one) of each row that names a word; rows for kinds of words are left out."""
    with open(SPECIFICATION / table, encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            block = row["block"].partition(" (")[0]
            if block == "(any line)" or row["keyword"].startswith("<"):
                continue
            yield ("" if block in ("/", "(root)") else block, row["keyword"].split()[0],
                   not (row["synonyms_or_deprecated_for"] or "").startswith(NO_KEYWORD))


@pytest.fixture(scope="module")
def rows(binary):
    text = subprocess.run([binary, "--dump-keywords=json"], capture_output=True, check=True, timeout=60).stdout
    return {(row["block"], row["keyword"]) for row in json.loads(text)["keywords"]}


@pytest.mark.skipif(not SPECIFICATION.is_dir(), reason=f"the specification is not there: {SPECIFICATION}")
@pytest.mark.parametrize("table", ["keywords-core.tsv", "keywords-lvs.tsv"])
def test_each_specified_keyword_has_a_row(rows, table):
    wanted = list(specified(table))
    assert len(wanted) > 200
    assert [row for *row, known in wanted if known and tuple(row) not in rows] == []
    assert [row for *row, known in wanted if not known and tuple(row) in rows] == []
