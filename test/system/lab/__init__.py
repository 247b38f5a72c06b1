# SPDX-License-Identifier: GPL-2.0-or-later
"""Small machines out of namespaces, for the system tests and the demo: hosts on a switch, daemons, captures."""
