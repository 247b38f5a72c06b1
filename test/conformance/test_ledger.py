# SPDX-License-Identifier: GPL-2.0-or-later
"""Every requirement of requirements.tsv has a test that keeps it and one that shows what happens when others do not:
the tags [id][positive] and [id][negative] in the names of Catch2 test cases and in docstrings and tables of the
system tests."""

import pathlib
import re

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TAG = re.compile(r"\[((?:rfc9568|unh)-[0-9.]+(?:-[0-9]+)?)\]\[(positive|negative)\]")


def requirements():
    rows = {}
    for line in (HERE / "requirements.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            name, words, *later = line.split("\t")
            assert name not in rows, f"{name} twice"
            assert words
            rows[name] = later[0] if later else ""
    return rows


def tags():
    """{(id, positive or negative): file}"""
    found = {}
    for folder, pattern in (("unit", "*.cpp"), ("sim", "*.cpp"), ("system", "*.py")):
        for path in sorted((HERE.parent / folder).rglob(pattern)):
            for tag in TAG.findall(path.read_text()):
                found[tag] = path.name
    return found


ROWS = requirements()
FOUND = tags()


@pytest.mark.parametrize("sense", ["positive", "negative"])
@pytest.mark.parametrize("name", [name for name, later in ROWS.items() if not later])
def test_has_its_tests(name, sense):
    assert (name, sense) in FOUND, f"no test carries [{name}][{sense}]"


def test_no_tag_without_requirement():
    assert not {name for name, _ in FOUND} - ROWS.keys()


def test_all_are_listed():
    """As many as vrrp-conformance.md has of each list; this is what a lost line would change."""
    assert len([name for name in ROWS if name.startswith("rfc9568-")]) == 59
    assert len([name for name in ROWS if name.startswith("unh-")]) == 22
