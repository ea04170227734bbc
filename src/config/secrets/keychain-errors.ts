import { KeychainError } from "../../errors.ts";
import { clean } from "../../log.ts";

export interface KeychainFailure {
  step: "load" | "call";
  /** As the module said it: it has one error code for everything, so its words are all there is to go by. */
  message: string;
}

type Cause = "absent" | "locked" | "refused";

/** Words of @napi-rs/keyring 2.1.2, from top to bottom; Linux measured in 2026-11, macOS from Apple's SecBase.h. */
const CAUSES: [pattern: RegExp, cause: Cause][] = [
  [/unlock prompt was dismissed|\bis ?locked\b|locked collection/i, "locked"],
  [/user interaction is not allowed|user canceled|user name or passphrase you entered/i, "locked"],
  [/dbus|d-bus|org\.freedesktop\.secrets|autolaunch/i, "absent"],
  [/secret service: no result found|object does not exist at path/i, "absent"],
];

export function keychainCause(message: string): Cause {
  return CAUSES.find(([pattern]) => pattern.test(message))?.[1] ?? "refused";
}

/** What the user is told. `saving` is true at login, where it matters that nothing was kept. */
export function describeKeychainFailure(failure: KeychainFailure, saving: boolean): KeychainError {
  const cause = new Error(failure.message);
  if (failure.step === "load") {
    return new KeychainError(
      "keychain_module_missing",
      `The keychain module for ${process.platform}-${process.arch} is not installed (npm installed without ` +
        "optional dependencies). Reinstall with `npm i -g aicore --include=optional`, or use --storage file.",
      { cause },
    );
  }
  switch (keychainCause(failure.message)) {
    case "absent":
      return keychainAbsent(saving, cause);
    case "locked":
      return new KeychainError(
        "keychain_locked",
        "Your system keychain is locked and could not be unlocked here. Unlock it (log in to the desktop or run " +
          "`gnome-keyring-daemon --unlock`) and retry. Your saved credentials were not changed.",
        { cause },
      );
    case "refused":
      return new KeychainError("keychain_refused", `The system keychain refused: ${clean(failure.message)}`, {
        hint: choices(saving),
        cause,
      });
  }
}

export function keychainAbsent(saving: boolean, cause?: unknown): KeychainError {
  const where = process.platform === "linux" ? " (no D-Bus session / Secret Service on this Linux host)" : "";
  return new KeychainError("keychain_absent", `No system keychain is available${where}.`, {
    hint: `${choices(saving)}\nOn WSL/containers see: aicore help keychain`,
    cause,
  });
}

export function keychainSilent(seconds: number, saving: boolean): KeychainError {
  return new KeychainError("keychain_timeout", `The system keychain did not answer within ${seconds} s.`, {
    hint: choices(saving),
  });
}

function choices(saving: boolean): string {
  return [
    `${saving ? "Nothing was saved. " : ""}Choose one:`,
    '  • run with the key in the environment:  AICORE_SERVICE_KEY="$(cat key.json)" aicore serve',
    "  • store it encrypted with a passphrase:  aicore login --storage file",
    "  • store it as plain text (mode 0600):    aicore login --insecure-storage",
  ].join("\n");
}
