/**
 * A process of its own: asks the registry for the newest release, notes it, and ends. Nobody reads what it says, so it
 * says nothing. Arguments: the name of the package, the file to note its release in. The registry stands in the environment
 * and not beside them, since the URL of a private one may hold a password.
 */
import { createNetwork } from "../aicore/network.ts";
import { send } from "../aicore/transport.ts";
import { checkNetworkEnvironment } from "../config/network.ts";
import { writePrivateFile } from "../config/private-file.ts";
import { isObject } from "../hub/json.ts";

const TIMEOUT = 10_000;
/** Bytes; the description of one release takes a few thousand. */
const LIMIT = 1024 * 1024;

const REGISTRY = "https://registry.npmjs.org/";

const [, , name = "", path = ""] = process.argv;

note().catch(() => {
  process.exitCode = 1;
});

async function note(): Promise<void> {
  const registry = process.env.npm_config_registry || REGISTRY;
  const url = new URL(`${name}/latest`, registry.endsWith("/") ? registry : `${registry}/`).href;
  const network = createNetwork(checkNetworkEnvironment(process.env));
  try {
    const answer = await send(network, {
      url,
      method: "GET",
      headers: { accept: "application/json" },
      headersTimeout: TIMEOUT,
      bodyTimeout: TIMEOUT,
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const release: unknown = answer.status === 200 ? JSON.parse(await answer.body.text(LIMIT)) : undefined;
    if (!isObject(release) || typeof release.version !== "string") return;
    if (!/^\d+\.\d+\.\d+$/.test(release.version)) return;
    writePrivateFile(path, `${JSON.stringify({ asked: Date.now(), latest: release.version })}\n`);
  } finally {
    await network.close();
  }
}
