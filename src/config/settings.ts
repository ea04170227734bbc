import { UsageError } from "../errors.ts";
import { isObject } from "../hub/json.ts";
import { type Paths, pathsFor } from "./paths.ts";
import { DEFAULT_PROFILE, PROFILE_RULES, type Profile } from "./profiles.ts";
import { fromText, nearest, type Rule } from "./rules.ts";
import {
  check,
  isSettingName,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type SettingsDocument,
  type SettingValues,
} from "./settings-document.ts";
import { type SettingsEdit, SettingsFile } from "./settings-file.ts";

export interface Setting {
  name: string;
  /** Of a secret only how many there are. */
  value: unknown;
  /** "config.json", "default", or the name of the environment variable that it comes from. */
  origin: string;
}

/**
 * The settings of this user.
 * @throws ConfigError for a file that is not ours, not JSON, from a later version, or that holds a wrong value; the
 * file is left as it is
 */
export function loadSettings(env: NodeJS.ProcessEnv, paths: Paths = pathsFor(env)): Settings {
  return new Settings(env, paths);
}

/** Typed access to `config.json` and to the variables that go before it. Read at first, at `reload`, and at each change. */
export class Settings {
  /** Sentences about names in the file that mean nothing. */
  warnings: string[] = [];
  readonly #env: NodeJS.ProcessEnv;
  readonly #file: SettingsFile;
  #document: SettingsDocument = {};

  constructor(env: NodeJS.ProcessEnv, paths: Paths) {
    this.#env = env;
    this.#file = new SettingsFile(paths.config);
    this.reload();
  }

  /** Reads the file again. @throws as `loadSettings` does; the settings then stay as they were. */
  reload(): void {
    const { document, warnings } = this.#file.read();
    this.#document = document;
    this.warnings = warnings;
  }

  get path(): string {
    return this.#file.path;
  }

  /** @throws ConfigError when its environment variable holds something else than the setting takes */
  value<Name extends SettingName>(name: Name): SettingValues[Name] {
    return this.#lookUp(name).value as SettingValues[Name];
  }

  /** Any setting by name, also `profiles.<name>.<field>`. @throws UsageError for a name that means nothing */
  get(name: string): Setting {
    if (isSettingName(name)) return this.#shown(name);
    const { profile, field } = this.#profileField(name);
    const value = profile[field];
    return { name, value, origin: value === undefined ? "default" : "config.json" };
  }

  list(): Setting[] {
    return SETTING_NAMES.map((name) => this.#shown(name));
  }

  /**
   * Writes a setting that came as text; an empty text puts it back to its default.
   * @throws UsageError for a name that means nothing; ConfigError for a value it does not take
   */
  async set(name: string, text: string): Promise<void> {
    if (isSettingName(name)) {
      const value = parsed(name, SETTINGS[name].rule, text);
      const [section = "", key = ""] = name.split(".");
      return await this.#change((document) => ({
        [section]: { ...sectionOf(document, section), [key]: value },
      }));
    }
    const { name: profileName, field } = this.#profileField(name);
    if (!isSettableField(field)) throw notSettable(name);
    const value = parsed(name, PROFILE_RULES[field], text);
    await this.#change(({ profiles = {} }) => ({
      profiles: { ...profiles, [profileName]: { ...profiles[profileName], [field]: value } as Profile },
    }));
  }

  /** The profile that is used when nobody names one. */
  get currentProfile(): string | undefined {
    const { currentProfile } = this.#document;
    return currentProfile ?? (this.profile(DEFAULT_PROFILE) ? DEFAULT_PROFILE : undefined);
  }

  get profileNames(): string[] {
    return Object.keys(this.#document.profiles ?? {});
  }

  profile(name: string): Profile | undefined {
    const { profiles = {} } = this.#document;
    return Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  }

  /** Adds or replaces a profile, and makes it the current one. */
  async saveProfile(name: string, profile: Profile): Promise<void> {
    await this.#change(({ profiles }) => ({
      profiles: { ...profiles, [name]: profile },
      currentProfile: name,
    }));
  }

  async useProfile(name: string): Promise<void> {
    await this.#change(() => ({ currentProfile: name }));
  }

  async renameProfile(from: string, to: string): Promise<void> {
    await this.#change(({ profiles = {}, currentProfile }) => {
      const renamed = Object.entries(profiles).map(([name, profile]) => [name === from ? to : name, profile]);
      return {
        profiles: Object.fromEntries(renamed),
        currentProfile: (currentProfile ?? DEFAULT_PROFILE) === from ? to : currentProfile,
      };
    });
  }

  /** When it was the current one, the first of those left becomes it. */
  async removeProfile(name: string): Promise<void> {
    await this.#change(({ profiles = {}, currentProfile }) => {
      const { [name]: _gone, ...rest } = profiles;
      return {
        profiles: rest,
        currentProfile: currentProfile === name ? Object.keys(rest)[0] : currentProfile,
      };
    });
  }

  get aliases(): Readonly<Record<string, string>> {
    return this.#document.aliases ?? {};
  }

  async setAlias(pattern: string, model: string): Promise<void> {
    await this.#change(({ aliases }) => ({ aliases: { ...aliases, [pattern]: model } }));
  }

  async removeAlias(pattern: string): Promise<void> {
    await this.#change(({ aliases = {} }) => {
      const { [pattern]: _gone, ...rest } = aliases;
      return { aliases: rest };
    });
  }

  #shown(name: SettingName): Setting {
    const setting = this.#lookUp(name);
    if (!SETTINGS[name].rule.secret || !Array.isArray(setting.value)) return setting;
    return { ...setting, value: `${setting.value.length} (not shown)` };
  }

  #lookUp(name: SettingName): Setting {
    const { rule, fallback, variable, variableRule = rule } = SETTINGS[name];
    const text = variable && this.#env[variable];
    if (variable && text) return { name, value: parsed(variable, variableRule, text), origin: variable };
    const [section = "", key = ""] = name.split(".");
    const value = sectionOf(this.#document, section)[key];
    return value === undefined
      ? { name, value: fallback, origin: "default" }
      : { name, value, origin: "config.json" };
  }

  /** `profiles.<name>.<field>`, where the name may contain dots. */
  #profileField(name: string): { name: string; profile: Profile; field: keyof Profile } {
    const [, profileName = "", field = ""] = /^profiles\.(.+)\.(\w+)$/.exec(name) ?? [];
    const profile = this.profile(profileName);
    if (profile && Object.hasOwn(PROFILE_RULES, field)) {
      return { name: profileName, profile, field: field as keyof Profile };
    }
    const meant = nearest(name, SETTING_NAMES);
    throw new UsageError(
      "setting_unknown",
      `There is no setting "${name}".${meant ? ` Did you mean ${meant}?` : ""}`,
      {
        hint: `Settings are: ${SETTING_NAMES.join(", ")}.`,
      },
    );
  }

  async #change(edit: (document: SettingsDocument) => SettingsEdit): Promise<void> {
    this.#document = await this.#file.change(edit);
  }
}

function sectionOf(document: SettingsDocument, section: string): Record<string, unknown> {
  const value = document[section];
  return isObject(value) ? value : {};
}

function parsed(name: string, rule: Rule, text: string): unknown {
  if (text === "" && !rule.required) return undefined;
  const value = fromText(rule, text);
  check(name, rule, value);
  return value;
}

const SETTABLE_FIELDS = ["resourceGroup", "resourceGroups", "weight", "priority"] as const;

function isSettableField(field: keyof Profile): field is (typeof SETTABLE_FIELDS)[number] {
  return SETTABLE_FIELDS.some((settable) => settable === field);
}

function notSettable(name: string): UsageError {
  return new UsageError("setting_fixed", `${name} is not set by hand.`, {
    hint: "Run `aicore login` again.",
  });
}
