# SPDX-License-Identifier: GPL-2.0-or-later
"""keepalived -t on the command line: messages, classes, colour, --environment, --explain and --dump-keywords."""

import json
import os
import pty
import re
import stat
import subprocess

import pytest

GOOD = """\
global_defs {
    router_id lb1
    dynamic_interfaces
}
include part.conf
"""
PART = """\
vrrp_instance VI_1 {
    interface nosuch0
    virtual_router_id 51
    advert_int 02
    authentication {
        auth_type PASS
        auth_pass geheim
    }
    virtual_ipaddress {
        192.0.2.1/24
    }
}
"""
BAD = """\
vrrp_instance VI_1 {
\tinterfase\tnosuch0
    interface nosuch0
    virtual_router_id 51
    priority 300
    virtual_ipaddress {
        192.0.2.1
    }
}
real_server 192.0.2.2 80 {
}
"""
LACKING = BAD.replace("\tinterfase\tnosuch0\n", "").replace("    priority 300\n", "").split("real_server")[0]


@pytest.fixture
def configuration(tmp_path):
    (tmp_path / "part.conf").write_text(PART)

    def write(text):
        path = tmp_path / "k.conf"
        path.write_text(text)
        return path
    return write


def run(binary, *options, **kwargs):
    return subprocess.run([binary, *options], capture_output=True, text=True, timeout=30, **kwargs)


def test_a_good_configuration_is_tested_in_silence(binary, configuration):
    result = run(binary, "-t", "-f", configuration(GOOD))
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_messages_begin_with_the_line_of_keepalived(binary, configuration):
    path = configuration(BAD)
    result = run(binary, "-t", "-f", path)
    assert result.returncode == 5
    assert result.stdout == ""
    assert f"""\
({path}: Line 2) Unknown keyword 'interfase'
  {path}:2:2: syntax: unknown keyword
    interfase nosuch0
    ^~~~~~~~~
  hint: did you mean interface?
""" in result.stderr
    assert f"{path}:3:15: environment: warning" in result.stderr
    assert f"{path}:5:14: syntax: bad number" in result.stderr
    assert "hint: real_server belongs in virtual_server" in result.stderr
    places = [int(line) for line in re.findall(rf"^  {path}:(\d+):", result.stderr, re.MULTILINE)]
    assert places == sorted(places)
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("parts", [["-P"], ["-C"], ["-B"], ["-P", "-C"]])
def test_parts_have_no_influence(binary, configuration, parts):
    path = configuration(BAD)
    everything = run(binary, "-t", "-f", path)
    result = run(binary, "-t", *parts, "-f", path)
    assert (result.returncode, result.stderr) == (everything.returncode, everything.stderr)


def test_the_log_file_is_appended_to(binary, configuration, tmp_path):
    path, log = configuration(BAD), tmp_path / "log"
    first = run(binary, f"--config-test={log}", "-f", path)
    assert (first.returncode, first.stdout, first.stderr) == (5, "", "")
    size = log.stat().st_size
    assert size > 0
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    run(binary, f"-t{log}", "-f", path)
    assert log.stat().st_size == 2 * size


def test_a_log_file_through_a_link_is_refused(binary, configuration, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "log")
    result = run(binary, f"-t{tmp_path}/link", "-f", configuration(GOOD))
    assert result.returncode == 1
    assert result.stderr.startswith("Unable to open config-test log file")
    assert not (tmp_path / "log").exists()


def on_terminal(binary, *options, **environment):
    """What is written to standard error when that is a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([binary, *options], stderr=theirs, stdout=subprocess.DEVNULL,
                               env={"TERM": "xterm", "PATH": os.environ["PATH"], **environment})
    os.close(theirs)
    text = b""
    try:
        while piece := os.read(ours, 65536):
            text += piece
    except OSError:  # how Linux reports the end of a terminal
        pass
    os.close(ours)
    process.wait(timeout=30)
    return text.decode()


def test_colour_on_a_terminal_only(binary, configuration, tmp_path):
    path = configuration(BAD)
    assert "\x1b[" in on_terminal(binary, "-t", "-f", path)
    assert "\x1b[" not in on_terminal(binary, "-t", "-f", path, NO_COLOR="1")
    assert "\x1b[" not in on_terminal(binary, "-t", "-f", path, TERM="dumb")
    assert on_terminal(binary, f"-t{tmp_path}/log", "-f", path) == ""
    assert "\x1b[" not in (tmp_path / "log").read_text()


def test_environment_ignore_judges_the_configuration_alone(binary, configuration):
    lacking = configuration(LACKING)
    result = run(binary, "-t", "-f", lacking)
    assert result.returncode == 5
    assert "interface nosuch0 for vrrp_instance VI_1 doesn't exist" in result.stderr
    result = run(binary, "-t", "--environment=ignore", "-f", lacking)
    assert (result.returncode, result.stderr) == (0, "")
    result = run(binary, "-t", "--environment=ignore", "-f", configuration(BAD))
    assert result.returncode == 5
    assert "environment:" not in result.stderr


def test_a_file_of_the_configuration_is_never_ignored(binary, tmp_path):
    result = run(binary, "-t", "-e", "--environment=ignore", "-f", tmp_path / "none.conf")
    assert result.returncode == 4
    assert "Config files missing" in result.stderr


def test_explain_prints_a_configuration_with_origins(binary, configuration, tmp_path):
    path = configuration(GOOD)
    result = run(binary, "-t", "--explain", "-f", path, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert f"router_id lb1 # {path}:2" in lines
    assert "vrrp_instance VI_1 { # part.conf:1" in lines
    assert "advert_int 2 # part.conf:4" in lines
    assert "geheim" not in result.stdout
    assert "include" not in result.stdout


def test_an_explanation_explains_itself(binary, configuration, tmp_path):
    plain = run(binary, "-t", "--explain=plain,secrets", "-f", configuration(GOOD))
    assert "geheim" in plain.stdout
    again = tmp_path / "again.conf"
    again.write_text(run(binary, "-t", "--explain=secrets", "-f", configuration(GOOD)).stdout)
    assert run(binary, "-t", "-f", again).returncode == 0
    assert run(binary, "-t", "--explain=plain,secrets", "-f", again).stdout == plain.stdout


def test_explain_alone_starts_nothing(binary, configuration):
    result = run(binary, "--explain", "-f", configuration(BAD))
    assert result.returncode == 5
    assert "global_defs {" in result.stdout
    assert "Unknown keyword 'interfase'" in result.stderr


def test_dump_keywords(binary):
    result = run(binary, "--dump-keywords=json")
    assert (result.returncode, result.stderr) == (0, "")
    dump = json.loads(result.stdout)
    assert dump["format"] == 1
    rows = {(row["block"], row["keyword"]): row for row in dump["keywords"]}
    assert len(rows) == len(dump["keywords"])
    interval = rows["vrrp_instance", "advert_int"]
    assert (interval["min"], interval["max"], interval["process"]) == (0.01, 255, "vrrp")
    tables = {row["block"] for row in dump["keywords"]}
    for row in dump["keywords"]:
        assert row.get("table", "") in tables
    assert run(binary, "--dump-keywords=json").stdout == result.stdout


@pytest.mark.parametrize("option", ["--environment=away", "--environment", "--explain=all", "--dump-keywords=xml",
                                    "--dump-keywords"])
def test_wrong_words_are_errors(binary, configuration, option):
    result = run(binary, "-t", "-f", configuration(GOOD), option)
    assert result.returncode == 1
    assert result.stdout == ""
    assert "option" in result.stderr


def test_a_million_problems_take_a_moment(binary, configuration):
    result = run(binary, "-t", "-f", configuration("nonsense\nreal_servr 1 {\n}\n" * 200_000))
    assert result.returncode == 5
    assert len(result.stderr) < 500_000
    assert " more\n" in result.stderr


def test_a_mistake_is_said_once(binary, configuration):
    text = PART.replace("authentication {", "authentification {").replace("nosuch0", "lo") + "}\n"
    result = run(binary, "-t", "-f", configuration(GOOD.replace("include part.conf\n", "") + text))
    assert result.returncode == 5
    assert "hint: did you mean authentication?" in result.stderr
    assert "Unknown keyword 'auth_type'" not in result.stderr
    assert result.stderr.count("Extra '}' found") == 1
    assert "Unknown keyword '}'" not in result.stderr


def test_a_million_braces(binary, configuration):
    for text in ("{" * 1000 + "\n", "virtual_server x {\n" + "{\n" * 1000):
        result = run(binary, "-t", "-f", configuration(text * 1000))
        assert result.returncode == 5
