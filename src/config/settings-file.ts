import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { ensurePrivateFolder, makePrivate, readPrivateFile, removePrivateFile } from "./private-file.ts";
import { parseSettings, SETTINGS_VERSION, type SettingsDocument } from "./settings-document.ts";

/** `config.json` on disk: read by ourselves, written through `conf`, which is loaded by the first change (70 ms). */
export class SettingsFile {
  readonly path: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, "config.json");
  }

  /** @throws ConfigError for a file that is not ours, or whose content `parseSettings` does not take */
  read(): { document: SettingsDocument; warnings: string[] } {
    const bytes = readPrivateFile(this.path);
    return bytes ? parseSettings(bytes.toString("utf8")) : { document: {}, warnings: [] };
  }

  /**
   * Reads the file again, merges `edit` at the top level (undefined removes a name), and puts the new file in the old
   * one's place at once, so that two writers never tear it.
   * @returns the document as it now is
   */
  async change(edit: (document: SettingsDocument) => SettingsEdit): Promise<SettingsDocument> {
    const { default: Conf } = await import("conf");
    ensurePrivateFolder(this.#folder);
    removeOldDrafts(this.#folder);
    const { document } = this.read();
    const store = new Conf<SettingsDocument>({
      cwd: this.#folder,
      configName: "config",
      // conf's default is 0666 less the umask: readable by others.
      configFileMode: 0o600,
      // Names of profiles and aliases contain dots.
      accessPropertiesByDotNotation: false,
      deserialize: (text) => parseSettings(text).document,
      serialize: (value) => `${JSON.stringify(value, null, 2)}\n`,
    });
    const next = JSON.parse(JSON.stringify({ version: SETTINGS_VERSION, ...document, ...edit(document) }));
    try {
      store.store = next;
      makePrivate(this.path);
    } catch (cause) {
      throw new ConfigError("file_inaccessible", `Cannot write ${this.path}.`, { cause });
    }
    return next;
  }
}

const DRAFT_LIFE = 60_000;

/** What a writer leaves behind that is killed in the middle: conf's drafts, which hold all that the file does. */
function removeOldDrafts(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.startsWith("config.json.tmp-"))) {
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats && Date.now() - stats.mtimeMs > DRAFT_LIFE) removePrivateFile(join(folder, name));
  }
}

export type SettingsEdit = { [Name in keyof SettingsDocument]?: SettingsDocument[Name] | undefined };
