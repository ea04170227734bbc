import { isObject, type JsonObject, parseObject } from "../../hub/json.ts";

/**
 * The service key inside what people paste: `{"credentials": {…}}` of the BTP cockpit and `cf service-key`, a
 * `VCAP_SERVICES` document, or a Kubernetes secret. A bare key comes back as it is.
 */
export function unwrapKey(document: JsonObject): JsonObject {
  if (document.kind === "Secret") return unwrapKey(secretFields(document));
  const [binding] = aicoreBindings(isObject(document.VCAP_SERVICES) ? document.VCAP_SERVICES : document);
  const { credentials } = binding ?? document;
  if (isObject(credentials)) return credentials;
  if (typeof credentials === "string") return parseObject(credentials) ?? document;
  return document;
}

/** The bindings of `VCAP_SERVICES` whose label is `aicore`, whatever key they stand under. */
export function aicoreBindings(services: JsonObject): JsonObject[] {
  return Object.values(services)
    .flatMap((bindings) => (Array.isArray(bindings) ? bindings : []))
    .filter(isObject)
    .filter((binding) => binding.label === "aicore" && isObject(binding.credentials));
}

/** `kubectl get secret -o json`: `data` is base64, `stringData` is not. Nested objects are JSON texts there. */
function secretFields(secret: JsonObject): JsonObject {
  const encoded = isObject(secret.data) ? secret.data : {};
  const plain = isObject(secret.stringData) ? secret.stringData : {};
  const decoded = Object.entries(encoded).map(([name, value]) => [
    name,
    Buffer.from(String(value), "base64").toString("utf8"),
  ]);
  const fields: JsonObject = { ...Object.fromEntries(decoded), ...plain };
  const { serviceurls } = fields;
  return typeof serviceurls === "string"
    ? { ...fields, serviceurls: parseObject(serviceurls) ?? serviceurls }
    : fields;
}
