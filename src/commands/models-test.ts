/** `aicore models test <model>`: a tiny request through a proxy of our own, at once and streamed. */
import { ApiError } from "../errors.ts";
import type { JsonObject } from "../hub/json.ts";
import type { Palette } from "../terminal/colors.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { type Probe, type ProbeKind, withProbe } from "./model-probe.ts";
import { openSession } from "./session.ts";
import type { Context } from "./types.ts";

export async function run(
  context: Context,
  [asked = ""]: string[],
  options: { resourceGroup?: string },
): Promise<undefined> {
  const { out, log, version } = context;
  const session = await openSession(context, options);
  try {
    const { catalog, client } = session;
    const { model } = await out.during("Looking at the deployments", () => catalog.resolve(asked));
    const kinds: ProbeKind[] = model.family === "embedding" ? ["embedding"] : ["answer", "stream"];
    const probes = await withProbe({ catalog, client, log, version }, async (ask) => {
      const done: Probe[] = [];
      for (const kind of kinds)
        done.push(await out.during(`Asking ${model.id} (${kind})`, () => ask(asked, kind)));
      return done;
    });
    const failed = probes.find(({ ok }) => !ok);
    if (out.json) out.document(documentOf(asked, model.id, probes));
    else out.result(renderTable(columns(out.paint), probes, out.width));
    if (failed) throw failureOf(asked, failed);
  } finally {
    await session.close();
  }
  return undefined;
}

function documentOf(asked: string, sapModel: string, probes: Probe[]): JsonObject {
  return {
    ok: probes.every(({ ok }) => ok),
    model: asked,
    sap_model: sapModel,
    checks: probes.map((probe) => ({
      kind: probe.kind,
      ok: probe.ok,
      status: probe.status,
      deployment: probe.deployment ?? null,
      first_byte_ms: probe.firstByte,
      duration_ms: probe.duration,
      input_tokens: probe.inputTokens ?? null,
      output_tokens: probe.outputTokens ?? null,
      error: probe.error ?? null,
    })),
  };
}

function columns(paint: Palette): Column<Probe>[] {
  return [
    { title: "Test", value: ({ kind }) => kind, whole: true },
    {
      title: "Result",
      value: ({ ok, status }) => (ok ? "ok" : `failed (${status || "no answer"})`),
      whole: true,
      paint: (cell, { ok }) => (ok ? paint.good(cell) : paint.bad(cell)),
    },
    { title: "Model", value: ({ model }) => model ?? "-" },
    { title: "Deployment", spare: 2, value: ({ deployment }) => deployment ?? "-" },
    { title: "First byte", spare: 1, value: ({ firstByte }) => `${firstByte} ms` },
    { title: "Time", value: ({ duration }) => `${duration} ms` },
    {
      title: "Tokens",
      value: ({ inputTokens, outputTokens }) =>
        [inputTokens, outputTokens].map((count) => count ?? "-").join(" / "),
    },
  ];
}

function failureOf(asked: string, { kind, status, error = "" }: Probe): ApiError {
  const how = kind === "stream" ? "A streamed request" : "A request";
  return new ApiError(status || 502, `${how} to ${asked} failed: ${error}`, {
    reason: "model_test_failed",
    hint: "See its deployments: aicore deployments list; each reason and fix: aicore doctor",
  });
}
