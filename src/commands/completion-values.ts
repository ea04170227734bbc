/** The values that a completion offers: only what is at hand, since a person waits with a finger on a key. */
import type { Candidate, FILES, ValuesOf } from "./completion-words.ts";
import type { Context } from "./types.ts";

const SHELLS = ["bash", "zsh", "fish", "powershell"];

type Values = Candidate[] | typeof FILES;
type Source = (context: Context) => Promise<Values> | Values;

/** By the name of the option or argument; each loads what it needs when it is asked. */
const SOURCES: Record<string, Source> = {
  file: () => "files",
  path: () => "files",
  shell: () => SHELLS.map((value) => ({ value })),
  tool: tools,
  agent: tools,
  profile: profiles,
  model: models,
  setting: settings,
  config: settings,
};

/** Whatever fails (broken settings, no proxy) offers nothing: `aicore status` is the place to hear of it. */
export function valuesFor(context: Context): ValuesOf {
  return async (kind) => {
    try {
      const source = Object.hasOwn(SOURCES, kind) ? SOURCES[kind] : undefined;
      return (await source?.(context)) ?? [];
    } catch {
      return [];
    }
  };
}

async function tools(): Promise<Candidate[]> {
  const { AGENTS } = await import("../agents/index.ts");
  return AGENTS.map(({ name, title }) => ({ value: name, about: title }));
}

async function profiles({ env }: Context): Promise<Candidate[]> {
  const { loadSettings } = await import("../config/settings.ts");
  const stored = loadSettings(env);
  return stored.profileNames.map((value) => ({ value, about: stored.profile(value)?.apiUrl ?? "" }));
}

async function settings(): Promise<Candidate[]> {
  const { SETTING_NAMES } = await import("../config/settings-document.ts");
  return SETTING_NAMES.map((value) => ({ value }));
}

/** Those of a proxy that runs; looking them up in the tenant would take too long. */
async function models({ env }: Context): Promise<Candidate[]> {
  const { pathsFor } = await import("../config/paths.ts");
  const { runningProxies } = await import("./running.ts");
  const { readLocalKey } = await import("./local-key.ts");
  const { askProxy } = await import("./ask-proxy.ts");
  const paths = pathsFor(env);
  const [proxy] = runningProxies(paths);
  const list = proxy && (await askProxy(`${proxy.url}/v1/models`, readLocalKey(paths), proxy.certificate));
  return Array.isArray(list?.data) ? list.data.flatMap(modelIn) : [];
}

function modelIn(entry: unknown): Candidate[] {
  const { id, display_name: about } = Object(entry) as { id?: unknown; display_name?: unknown };
  return typeof id === "string" ? [{ value: id, about: String(about ?? "") }] : [];
}
