/** `aicore help keychain`: where secrets are kept, and what to do where there is no keychain. */
import type { Context } from "./types.ts";

export async function run({ out }: Context): Promise<undefined> {
  out.result(TEXT);
  return undefined;
}

const TEXT = `aicore keeps a secret in the system keychain: macOS Keychain, Windows Credential Manager, or
the Secret Service on Linux (GNOME Keyring, KWallet, KeePassXC).

On Linux the Secret Service is reached through the D-Bus session of a desktop login. Servers,
containers, WSL and SSH sessions often have none. Choose one of these there:

  in scripts, containers and CI
    AICORE_SERVICE_KEY="$(cat key.json)" aicore serve
  on a server where you log in by hand: a file, encrypted with a passphrase
    aicore login --storage file key.json
    (AICORE_PASSPHRASE_FILE names a file with the passphrase for runs without a terminal)
  a plain file that only you can read (mode 0600); every status will remind you
    aicore login --insecure-storage key.json
  a keyring of your own in this shell
    dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock --components=secrets; exec "$SHELL"'

A locked keychain must be unlocked first: log in to the desktop, or run
\`gnome-keyring-daemon --unlock\`. The kernel's keyring is never used: it forgets at the next boot.`;
