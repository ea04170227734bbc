#!/bin/sh
# Runs the keychain tests against a real one: gnome-keyring on a D-Bus session of its own, first unlocked, then locked,
# then a bus without any keychain. Needs dbus and gnome-keyring (Debian: apt-get install -y dbus gnome-keyring) and a
# built dist/. Touches neither the keychain nor the files of whoever runs it.
set -eu
cd "$(dirname "$0")/../.."

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -m 700 "$home/runtime"
export HOME="$home" XDG_RUNTIME_DIR="$home/runtime" XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config"
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS GNOME_KEYRING_CONTROL

vitest="node node_modules/vitest/vitest.mjs run"

# One line end is an empty password. Without it the daemon makes no keyring (seen with gnome-keyring 42, 2026-11).
AICORE_TEST_KEYCHAIN=unlocked dbus-run-session -- sh -c \
  "echo | gnome-keyring-daemon --unlock --components=secrets >/dev/null && $vitest test/keychain/unlocked.test.ts"

# The same keyring, in a new session whose daemon nobody unlocks.
AICORE_TEST_KEYCHAIN=locked dbus-run-session -- $vitest test/keychain/locked.test.ts

# A bus that may start no services.
sed '/servicedir/d' /usr/share/dbus-1/session.conf >"$home/bus.conf"
AICORE_TEST_KEYCHAIN=none dbus-run-session --config-file="$home/bus.conf" -- $vitest test/keychain/no-provider.test.ts
