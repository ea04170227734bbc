/** Traces of `serve`, where the environment names a collector. */
import { asAicoreError } from "../errors.ts";
import type { Tracer } from "../tracing/tracer.ts";
import { wantsTraces } from "../tracing/wanted.ts";

/** undefined: none are wanted, or the packages for them are not there; requests are served all the same. */
export async function tracerFor(
  env: NodeJS.ProcessEnv,
  version: string,
  warn: (text: string) => void,
): Promise<Tracer | undefined> {
  if (!wantsTraces(env)) return undefined;
  const { openTracer } = await import("../tracing/tracer.ts");
  return await openTracer(env, version).catch((error: unknown) => {
    const { message, hint } = asAicoreError(error);
    warn([message, hint].filter(Boolean).join(" "));
    return undefined;
  });
}
