/**
 * The main job with the real program: Claude Code, through the proxy, on the strict sandbox. A run passes only when a
 * random nonce travels the whole way: client, proxy, upstream, the client's own tool, and back.
 */
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { type Outcome, VERSIONS, visit, WAYS } from "./claude-code.ts";
import { nonce } from "./visit.ts";

const ASK = "Run the command `cat nonce.txt` and tell me what it printed.";

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
});

/** The strict sandbox had nothing to object to, and the client got there. */
function expectFlawless(outcome: Outcome): void {
  expect(sandbox.refused).toEqual([]);
  expect(outcome, outcome.output).toMatchObject({ exitCode: 0, isError: false });
}

describe.each(WAYS)("%s", (way) => {
  test.each(VERSIONS)("%s runs a tool and tells its result", async (version) => {
    const secret = nonce();
    const outcome = await visit({ sandbox, version, way, prompt: ASK, files: { "nonce.txt": secret } });
    expectFlawless(outcome);
    expect(outcome.result, outcome.output).toContain(secret);
  });
});

test.each(["gpt-5.5", "gpt-4.1", "gemini-2.5-pro", "gemini-3.5-flash"])(
  "the newest runs a tool on %s and tells its result",
  async (model) => {
    const secret = nonce();
    const outcome = await visit({
      sandbox,
      version: "claude-code-latest",
      way: "aicore serve",
      prompt: ASK,
      args: ["--model", model],
      files: { "nonce.txt": secret },
    });
    expectFlawless(outcome);
    expect(outcome.result, outcome.output).toContain(secret);
  },
);

describe.each(VERSIONS)("%s", (version) => {
  const way = "aicore claude";

  test("fails when the model never calls the tool: the proof can fail", async () => {
    const toolless = await startSandbox({ callsTools: false });
    const secret = nonce();
    const outcome = await visit({
      sandbox: toolless,
      version,
      way,
      prompt: ASK,
      files: { "nonce.txt": secret },
    });
    await toolless.close();
    expect(outcome.output).not.toContain(secret);
  });

  test.each([
    "anthropic--claude-4.5-haiku",
    "anthropic--claude-4.5-sonnet",
    "anthropic--claude-4.6-opus",
    "claude-sonnet-5-5",
    "claude-sonnet-4-5-20250929[1m]",
    "haiku",
  ])("works with --model %s", async (model) => {
    const secret = nonce();
    const args = ["--model", model];
    const outcome = await visit({ sandbox, version, way, prompt: ASK, args, files: { "nonce.txt": secret } });
    expectFlawless(outcome);
    expect(outcome.result, outcome.output).toContain(secret);
  });

  test("several turns: thinking comes back with its signature, and the prompt cache is hit", async () => {
    const [first, second] = [nonce(), nonce()];
    const before = sandbox.requests.length;
    const outcome = await visit({
      sandbox,
      version,
      way,
      prompt: "Run `cat one.txt` and then run `cat two.txt` and tell me both.",
      files: { "one.txt": first, "two.txt": second },
    });
    expectFlawless(outcome);
    expect(outcome.output).toContain(first);
    expect(outcome.result).toContain(second);
    const turns = sandbox.requests.slice(before).filter(({ kind }) => kind === "inference");
    expect(turns.at(-1)?.body).toMatch(/"type":"thinking".*"signature":"/);
    expect(
      Math.max(...sandbox.usage.slice(-2).map(({ usage }) => Number(usage.cache_read_input_tokens))),
    ).toBeGreaterThan(1_000);
  });

  test("sees an image that its tool read", async () => {
    const image = png(3, 2);
    const outcome = await visit({
      sandbox,
      version,
      way,
      prompt: "Look at the image logo.png with your Read tool and describe what you see.",
      files: { "logo.png": image },
    });
    expectFlawless(outcome);
    expect(outcome.result).toContain("3×2");
    expect(outcome.result).toContain(createHash("sha256").update(image).digest("hex").slice(0, 8));
  });
});

/** A PNG of one colour. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const typed = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(typed.length + 8);
    frame.writeUInt32BE(data.length, 0);
    typed.copy(frame, 4);
    frame.writeUInt32BE(crc32(typed), typed.length + 4);
    return frame;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const rows = Buffer.alloc((width * 3 + 1) * height, 0);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
