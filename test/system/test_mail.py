# SPDX-License-Identifier: GPL-2.0-or-later
"""Mail through servers that stall, refuse and die, and without one: nothing of it delays VRRP or the daemon (spec
outputs.md 7)."""

import email.message
import email.utils
import os
import signal
import time

import pytest

from lab import mail
from lab.capture import gaps
from lab.poll import wait_until

TEXT = """
global_defs {
    router_id r1
    dynamic_interfaces
    smtp_server 127.0.0.1 2525
    smtp_connect_timeout 2
    notification_email_from "Keeper of <ka@example.net>"
    notification_email {
        ops@example.net
        "Two, Persons <two@example.net>"
    }
    smtp_alert
    %s
}
vrrp_instance V1 {
    state BACKUP
    interface ens33
    virtual_router_id 1
    priority 100
    virtual_ipaddress {
        172.27.9.101
    }
    %s
}
"""


def mail_child(daemon):
    """The process that sends mail: the one of the daemon's that is nobody's."""
    for pid in daemon.processes():
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            if "\nUid:\t0\t" not in status.read():
                return pid
    return None


@pytest.mark.parametrize("step", mail.STEPS)
def test_server_that_stalls(network, router, binary, step):
    host = network.add_host("lvs01", "172.27.9.11/24")
    server = mail.Server(host, 2525, stall_at=step)
    daemon = router(host, binary, TEXT % ("", ""))
    with network.capture() as capture:
        daemon.start()
        wait_until(lambda: "Entering MASTER STATE" in daemon.log, 8, "MASTER")
        capture.next_advert(host, 8)
        wait_until(lambda: server.connections >= 2, 5, "mails under way")
        if step == "QUIT":
            wait_until(lambda: "SMTP alert successfully sent." in daemon.log, 10, "sent all the same")
        else:
            wait_until(lambda: "Timeout reading data to remote SMTP server [127.0.0.1]:2525." in daemon.log, 10,
                       "a timeout")
        assert all(0.8 < gap < 1.25 for gap in gaps(capture.adverts(host)))
    status, seconds = daemon.stop()
    assert status == 0 and seconds < 3
    server.close()


def test_refusals_are_logged(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    server = mail.Server(host, 2525, answers={"MAIL": "550-5.7.1 go\r\n550 away"})
    daemon = router(host, binary, TEXT % ("", "")).start()
    wait_until(lambda: "Error processing MAIL cmd on SMTP server [127.0.0.1]:2525. SMTP status code = 550" in daemon.log,
               8, "the refusal")
    assert not server.mails
    assert daemon.stop()[0] == 0


def test_no_server(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, TEXT % ("", "")).start()
    wait_until(lambda: "SMTP connection ERROR to [127.0.0.1]:2525." in daemon.log, 8, "the error")
    wait_until(lambda: "Entering MASTER STATE" in daemon.log, 8, "MASTER")
    assert daemon.stop()[0] == 0


def test_the_child_has_no_rights_and_may_die(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    server = mail.Server(host, 2525)
    daemon = router(host, binary, TEXT % ("", "")).start()
    wait_until(lambda: len(server.mails) == 2, 10, "mails of BACKUP and MASTER")
    child = mail_child(daemon)
    with open(f"/proc/{child}/status", encoding="ascii") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    nobody = host.run("id", "-u", "nobody").stdout.strip()
    assert status["Uid"].split() == [nobody] * 4 and set(status["Gid"].split()) != {"0"}
    assert status["Groups"].strip() == "" and status["NoNewPrivs"] == "1"
    assert all(int(status[name], 16) == 0 for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"))
    assert sorted(os.listdir(f"/proc/{child}/fd"), key=int)[:3] == ["0", "1", "2"]

    vrrp = daemon.wait_for("vrrp")
    os.kill(child, signal.SIGKILL)
    wait_until(lambda: mail_child(daemon) not in (None, child), 5, "a new mail child")
    assert daemon.pid("vrrp") == vrrp
    host.run("ip", "link", "set", "ens33", "down")
    wait_until(lambda: "[r1] VRRP Instance V1 - Entering FAULT state" in server.subjects(), 5, "its mail")
    # As systemd stops all processes at once.
    os.kill(mail_child(daemon), signal.SIGTERM)
    assert daemon.stop()[0] == 0
    assert server.subjects()[-1] == "[r1] VRRP Instance V1 - Stopping"
    assert not daemon.processes()


def test_letter_and_dialogue(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    server = mail.Server(host, 2525)
    daemon = router(host, binary, TEXT % ("", "")).start()
    wait_until(lambda: len(server.mails) == 2, 10, "mails of BACKUP and MASTER")
    first = next(one for one in server.mails if "BACKUP" in one.subject)
    assert first.commands == ("HELO lvs01", "MAIL FROM:<ka@example.net>", "RCPT TO:<ops@example.net>",
                              "RCPT TO:<two@example.net>", "DATA")
    assert first.letter[0].startswith("Date: ")
    assert first.without_date() == (
        "From: Keeper of <ka@example.net>", "Subject: [r1] VRRP Instance V1 - Entering BACKUP state",
        "X-Mailer: Keepalived", "To: ops@example.net,", ' "Two, Persons" <two@example.net>', "",
        "=> VRRP Instance is no longer owning VRRP VIPs <=", "")
    assert daemon.stop()[0] == 0


SMTPD = """
table owners {{ "@example.net" = "mail" }}
listen on 127.0.0.1 port 2525 hostname mx.example.net
action "keep" maildir "{folder}/%{{rcpt.user}}" virtual <owners>
match from any for domain "example.net" action "keep"
"""


def test_a_real_server_delivers(network, router, binary, tmp_path):
    """OpenSMTPD takes the mails of a start, a fault and a stop, and they lie in the mailboxes of both recipients."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    folder = "/run/mail"
    configuration = tmp_path / "smtpd.conf"
    configuration.write_text(SMTPD.format(folder=folder))
    # Its spool and its socket are private to the host; mailboxes are written by their owner.
    host.run("sh", "-c", f"mount -t tmpfs spool /var/spool && mkdir -p /run/smtpd && chmod 755 /run && "
                         f"install -d -o mail -g mail {folder}")
    with open(tmp_path / "smtpd.log", "ab") as log:
        server = host.popen("smtpd", "-d", "-f", configuration, stdout=log, stderr=log)
    wait_until(lambda: ":2525 " in host.run("ss", "-ltn").stdout, 20, "the server")

    def mailbox(user):
        """{subject: (header, body)} of what has been delivered."""
        found = {}
        for path in host.path(f"{folder}/{user}").glob("new/*"):
            header, _, body = path.read_text().partition("\n\n")
            fields = email.message_from_string(header)
            found[fields["Subject"]] = fields, body.strip()
        return found

    daemon = router(host, binary, TEXT % ("", "")).start()
    wait_until(lambda: "[r1] VRRP Instance V1 - Entering MASTER state" in mailbox("two"), 15, "the mail of MASTER")
    host.run("ip", "link", "set", "ens33", "down")
    wait_until(lambda: "[r1] VRRP Instance V1 - Entering FAULT state" in mailbox("two"), 10, "the mail of FAULT")
    assert daemon.stop()[0] == 0
    subjects = {f"[r1] VRRP Instance V1 - {what}" for what in
                ("Entering BACKUP state", "Entering MASTER state", "Entering FAULT state", "Stopping")}
    wait_until(lambda: subjects == set(mailbox("ops")) == set(mailbox("two")), 10, "all four mails in both mailboxes")
    fields, body = mailbox("ops")["[r1] VRRP Instance V1 - Entering MASTER state"]
    assert body == "=> VRRP Instance is now owning VRRP VIPs <="
    assert fields["From"] == "Keeper of <ka@example.net>" and fields["Return-Path"] == "<ka@example.net>"
    assert email.utils.getaddresses([fields["To"]]) == [("", "ops@example.net"), ("Two, Persons", "two@example.net")]
    sent = email.utils.parsedate_to_datetime(fields["Date"])
    assert abs(sent.timestamp() - time.time()) < 60
    assert "Error processing" not in daemon.log and "Timeout" not in daemon.log
    assert server.poll() is None  # it ends with its host


@pytest.mark.parametrize("settings, wanted", [
    (("no_email_faults", ""), []),
    (("", ""), ["[r1] VRRP Instance V1 - Entering FAULT state"]),
    (("smtp_alert_vrrp off", ""), None),
    (("smtp_alert_vrrp off", "smtp_alert"), ["[r1] VRRP Instance V1 - Entering FAULT state"]),
    (("", "smtp_alert off"), None),
])
def test_who_wants_mail(network, router, binary, settings, wanted):
    host = network.add_host("lvs01", "172.27.9.11/24")
    server = mail.Server(host, 2525)
    daemon = router(host, binary, TEXT % settings).start()
    wait_until(lambda: "Entering BACKUP STATE" in daemon.log, 5, "BACKUP")
    if wanted is not None:
        wait_until(lambda: "[r1] VRRP Instance V1 - Entering BACKUP state" in server.subjects(), 5, "a first mail")
    host.run("ip", "link", "set", "ens33", "down")
    wait_until(lambda: "Entering FAULT STATE" in daemon.log, 5, "FAULT")
    time.sleep(1)
    assert [subject for subject in server.subjects() if "FAULT" in subject] == (wanted or [])
    if wanted is None:
        assert not server.mails
    assert daemon.stop()[0] == 0


def test_reload_changes_the_server(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    old, new = mail.Server(host, 2525), mail.Server(host, 2526)
    text = TEXT % ("", "")
    daemon = router(host, binary, text).start()
    wait_until(lambda: len(old.mails) == 2, 10, "mails of BACKUP and MASTER")
    child = mail_child(daemon)
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: daemon.log.count("Reload complete") == 1, 5, "a reload without changes")
    assert mail_child(daemon) == child
    daemon.configure(text.replace("2525", "2526"))
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: daemon.log.count("Reload complete") == 2, 5, "the reload")
    host.run("ip", "link", "set", "ens33", "down")
    wait_until(lambda: new.subjects() == ["[r1] VRRP Instance V1 - Entering FAULT state"], 5, "a mail there")
    assert len(old.mails) == 2
    daemon.configure(text.replace("smtp_server", "#"))
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: mail_child(daemon) is None, 5, "no mail child without a server")
    assert daemon.stop()[0] == 0
