/**
 * Asks the proxy beside it: `node probe.js [/health|/ready]`; exit code 0 for an answer below 400, else 1. For containers,
 * which have no curl, and for orchestrators that cannot send a key: `/ready` wants one, and the local key, which the proxy
 * makes when it starts, lies in its state folder.
 */
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";

const { AICORE_CLI_HOME = "", AICORE_PORT } = process.env;
const [path = "/health"] = process.argv.slice(2);

// fetch would load undici for it: twice the time of a probe.
const request = get(
  {
    host: "127.0.0.1",
    port: Number(AICORE_PORT || 6655),
    path,
    headers: path === "/health" ? {} : { "x-api-key": localKey() },
    timeout: 4_000,
  },
  ({ statusCode = 0 }) => end(statusCode < 400 ? undefined : `answers ${statusCode}`),
);
request.on("timeout", () => end("does not answer"));
request.on("error", ({ message }) => end(message));

function localKey() {
  try {
    return readFileSync(join(AICORE_CLI_HOME, "state", "local-key"), "utf8").trim();
  } catch (error) {
    return end(error.message);
  }
}

/** @param {string} [problem] */
function end(problem) {
  if (problem) process.stderr.write(`${path}: ${problem}\n`);
  process.exit(problem ? 1 : 0);
}
