import { describe, expect, test } from "vitest";
import {
  describeKeychainFailure,
  keychainCause,
  keychainSilent,
} from "../../../src/config/secrets/keychain-errors.ts";

/** What @napi-rs/keyring 2.1.2 says, measured on Debian 12 in 2026-11 (the last three: macOS's SecBase.h). */
test.each<[message: string, cause: string]>([
  [
    "Platform failure: DBus error: Using X11 for dbus-daemon autolaunch was disabled at compile time, set your DBUS_SESSION_BUS_ADDRESS instead",
    "absent",
  ],
  [
    "Platform failure: DBus error: The name org.freedesktop.secrets was not provided by any .service files",
    "absent",
  ],
  ["Couldn't access platform storage: Secret Service: no result found", "absent"],
  ["Couldn't access platform storage: Secret Service: unlock prompt was dismissed", "locked"],
  ["User interaction is not allowed.", "locked"],
  ["User canceled the operation.", "locked"],
  ["A required entitlement isn't present.", "refused"],
])("%s → %s", (message, cause) => {
  expect(keychainCause(message)).toBe(cause);
});

const CHOICES = [
  '  • run with the key in the environment:  AICORE_SERVICE_KEY="$(cat key.json)" aicore serve',
  "  • store it encrypted with a passphrase:  aicore login --storage file",
  "  • store it as plain text (mode 0600):    aicore login --insecure-storage",
].join("\n");

describe("what the user is told, with exit code 7", () => {
  test.runIf(process.platform === "linux")("K1", () => {
    const failure = { step: "call", message: "Platform failure: DBus error: …" } as const;
    expect(describeKeychainFailure(failure, true)).toMatchObject({
      exitCode: 7,
      code: "keychain_absent",
      message: "No system keychain is available (no D-Bus session / Secret Service on this Linux host).",
      hint: `Nothing was saved. Choose one:\n${CHOICES}\nOn WSL/containers see: aicore help keychain`,
    });
    expect(describeKeychainFailure(failure, false).hint).toMatch(/^Choose one:/);
  });

  test("K2", () => {
    const failure = { step: "call", message: "Secret Service: unlock prompt was dismissed" } as const;
    expect(describeKeychainFailure(failure, false)).toMatchObject({
      exitCode: 7,
      code: "keychain_locked",
      message:
        "Your system keychain is locked and could not be unlocked here. Unlock it (log in to the desktop or run " +
        "`gnome-keyring-daemon --unlock`) and retry. Your saved credentials were not changed.",
    });
  });

  test("K3", () => {
    expect(keychainSilent(5, true)).toMatchObject({
      exitCode: 7,
      code: "keychain_timeout",
      message: "The system keychain did not answer within 5 s.",
      hint: `Nothing was saved. Choose one:\n${CHOICES}`,
    });
  });

  test("K4", () => {
    const failure = { step: "load", message: "Cannot find native binding." } as const;
    expect(describeKeychainFailure(failure, true)).toMatchObject({
      exitCode: 7,
      code: "keychain_module_missing",
      message:
        `The keychain module for ${process.platform}-${process.arch} is not installed (npm installed without optional ` +
        "dependencies). Reinstall with `npm i -g aicore --include=optional`, or use --storage file.",
    });
  });

  test("anything else in its own words, on one line", () => {
    const failure = { step: "call", message: "Strange\n\u001b[31mthing" } as const;
    expect(describeKeychainFailure(failure, false)).toMatchObject({
      code: "keychain_refused",
      message: "The system keychain refused: Strange thing",
      cause: new Error(failure.message),
    });
  });
});
