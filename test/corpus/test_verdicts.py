# SPDX-License-Identifier: GPL-2.0-or-later
"""Every configuration of the corpora gets the verdict of keepalived 2.4.3, or the one test/corpus/exceptions.tsv gives.

The corpus `realworld` is other people's data: it is read where it lies, beside the project, and skipped where it is
not there.
"""

import contextlib
import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import verdicts  # noqa: E402

REAL_WORLD = pathlib.Path(os.environ.get("SUSTAIN_SHARED", ROOT.parent / "shared")) / "corpus/realworld"


def all_cases():
    folders = [verdicts.HERE / name for name in verdicts.FOLDERS]
    if REAL_WORLD.is_dir():
        folders.append(REAL_WORLD)
    return [case for folder in folders for case in verdicts.cases(folder)]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Function: a case -> its network namespace and a copy of its folder; made once, removed at the end."""
    scratch = tmp_path_factory.mktemp("corpus")
    scratch.chmod(0o755)
    folders, namespaces = {}, {}
    with contextlib.ExitStack() as stack:

        def find(case):
            if case.folder not in folders:
                folders[case.folder] = verdicts.copy_folder(case.folder, scratch)
            if case.interfaces not in namespaces:
                namespace = verdicts.Namespace(verdicts.namespace_name(len(namespaces)), case.interfaces)
                namespaces[case.interfaces] = stack.enter_context(namespace)
            return namespaces[case.interfaces], folders[case.folder]

        yield find


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_verdict(binary, place, case):
    namespace, folder = place(case)
    status, text = namespace.judge(binary, case, folder)
    assert status == case.status, f"{case.note}\n{text}"


@pytest.mark.skipif(REAL_WORLD.is_dir(), reason="the corpus is there and tested above")
def test_realworld_corpus():
    pytest.skip(f"the real-world corpus is not there: {REAL_WORLD}")


def test_exceptions_name_existing_files():
    known = {case.name for case in all_cases()}
    listed = set(verdicts.exceptions())
    if not REAL_WORLD.is_dir():
        listed = {name for name in listed if not name.startswith("realworld/")}
    assert listed <= known
