/**
 * What Cloud Foundry says in its own variables, in ours; then aicore, in this process. Bindings of SAP AI Core it reads
 * itself.
 *
 *   node start.js                     serves
 *   node start.js keys create …       any other command, on the same database
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const { env, argv } = process;
/** Of Cloud Foundry's ten seconds between SIGTERM and SIGKILL, those that open streams get. */
const DRAIN = "8";

env.AICORE_HOST ||= "0.0.0.0";
env.AICORE_PORT ||= env.PORT;
env.AICORE_HOSTS ||= routes().join(",");
env.AICORE_DATABASE_URL ||= databaseUrl() ?? "";

if (argv.length === 2) argv.push("serve", "--drain", DRAIN);
const aicore = dirname(fileURLToPath(import.meta.resolve("aicore/package.json")));
await import(pathToFileURL(join(aicore, "bin", "aicore.js")).href);

/** The names of the app: the router hands the Host header on as it came. */
function routes() {
  return JSON.parse(env.VCAP_APPLICATION ?? "{}").application_uris?.map((uri) => uri.split("/", 1)[0]) ?? [];
}

/** Of the binding of PostgreSQL, checked against the certificate that comes with it (credentials `uri`, `sslrootcert`). */
function databaseUrl() {
  const bindings = Object.values(JSON.parse(env.VCAP_SERVICES ?? "{}")).flat();
  const { uri, sslrootcert } =
    bindings.map(({ credentials }) => credentials ?? {}).find(({ uri }) => /^postgres(ql)?:/.test(uri)) ?? {};
  if (!uri || !sslrootcert) return uri;
  const file = join(mkdtempSync(join(tmpdir(), "aicore-")), "postgres.pem");
  writeFileSync(file, sslrootcert, { mode: 0o600 });
  const url = new URL(uri);
  url.searchParams.set("sslmode", "verify-full");
  url.searchParams.set("sslrootcert", file);
  return url.href;
}
