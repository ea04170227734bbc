/**
 * OpenTelemetry traces: one span a request to a model, in the vocabulary of the GenAI conventions (2026-08). The packages are
 * optional peers and are loaded only when an OTLP endpoint is named, so that nobody else pays for them.
 */
import { AicoreError } from "../errors.ts";
import type { RequestRecord } from "../usage/request-record.ts";
import { spanOf } from "./span.ts";

export interface Tracer {
  /** Tells of a request that is over. */
  record(record: RequestRecord): void;
  /** Sends what is left, for two seconds at most. */
  close(): Promise<void>;
}

const PACKAGES = [
  "@opentelemetry/api",
  "@opentelemetry/exporter-trace-otlp-http",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
];
const LAST_SPANS = 2_000;

/**
 * Exports in batches over HTTP to where the environment says (`OTEL_EXPORTER_OTLP_ENDPOINT`, `_HEADERS`, `_TIMEOUT`;
 * `OTEL_SERVICE_NAME`).
 * @throws AicoreError when the packages are not installed
 */
export async function openTracer(env: NodeJS.ProcessEnv, version: string): Promise<Tracer> {
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } = await load(
    import("@opentelemetry/api"),
  );
  const { OTLPTraceExporter } = await load(import("@opentelemetry/exporter-trace-otlp-http"));
  const { resourceFromAttributes } = await load(import("@opentelemetry/resources"));
  const { BasicTracerProvider, BatchSpanProcessor } = await load(import("@opentelemetry/sdk-trace-base"));
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      "service.name": env.OTEL_SERVICE_NAME || "aicore",
      "service.version": version,
    }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer("aicore", version);
  return {
    record(record) {
      const { name, attributes, parent, failed } = spanOf(record);
      const context = parent
        ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags: TraceFlags.SAMPLED, isRemote: true })
        : ROOT_CONTEXT;
      const span = tracer.startSpan(
        name,
        { startTime: record.at, kind: SpanKind.SERVER, attributes },
        context,
      );
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(record.at + record.took);
    },
    async close() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_SPANS).unref());
      await Promise.race([provider.shutdown().catch(() => {}), late]);
    },
  };
}

async function load<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (cause) {
    throw new AicoreError("tracing_missing", "OpenTelemetry is not installed, so no traces are sent.", {
      hint: `Install it beside aicore: npm install -g ${PACKAGES.join(" ")}`,
      cause,
    });
  }
}
