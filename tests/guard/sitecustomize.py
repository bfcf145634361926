"""Loaded by Python at start where a test's environment names this folder; see network_guard.py."""

import network_guard

network_guard.install()
