const ENDPOINTS = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/** Whether the environment names a collector, in OpenTelemetry's own variables. */
export function wantsTraces(env: NodeJS.ProcessEnv): boolean {
  return env.OTEL_SDK_DISABLED !== "true" && ENDPOINTS.some((name) => env[name]);
}
