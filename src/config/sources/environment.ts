import { CredentialsError } from "../../errors.ts";
import { isObject, parseObject } from "../../hub/json.ts";
import { jsonErrorPosition } from "../../hub/json-position.ts";
import { aicoreBindings } from "../key/unwrap.ts";
import { parseServiceKey, readServiceKey } from "../service-key.ts";
import { ENVIRONMENT, type FindSource } from "./source.ts";
import { CREDENTIAL_VARIABLES, definesCredentials, keyFromVariables } from "./variables.ts";

/** `AICORE_SERVICE_KEY`: a whole key as JSON, the convention of SAP's JavaScript SDK. */
export const findServiceKey: FindSource = ({ env, allowHosts }) => {
  const text = env.AICORE_SERVICE_KEY;
  if (!text) return undefined;
  return {
    source: "AICORE_SERVICE_KEY",
    name: "AICORE_SERVICE_KEY",
    profile: ENVIRONMENT,
    load: async () => parseServiceKey(text, { allowHosts }),
  };
};

/** `AICORE_CLIENT_ID` and its companions, the convention of SAP's Python SDK. */
export const findClientVariables: FindSource = ({ env, allowHosts }) => {
  const lookUp = (name: string) => env[name] || undefined;
  if (!definesCredentials(lookUp)) return undefined;
  const first = CREDENTIAL_VARIABLES.find((name) => env[name]) ?? "AICORE_CLIENT_ID";
  return {
    source: "AICORE_CLIENT_ID",
    name: first,
    profile: ENVIRONMENT,
    load: async () => keyFromVariables(lookUp, "The environment", { allowHosts }),
  };
};

/** `VCAP_SERVICES` of Cloud Foundry: the binding whose label is `aicore`, where there is one. */
export const findCloudFoundry: FindSource = ({ env, allowHosts, warn }) => {
  const text = env.VCAP_SERVICES;
  if (!text) return undefined;
  const services = parseObject(text);
  const [binding, ...more] = services ? aicoreBindings(services) : [];
  if (services && !binding) return undefined;
  return {
    source: "VCAP_SERVICES",
    name: "VCAP_SERVICES",
    profile: ENVIRONMENT,
    load: async () => {
      if (!isObject(binding?.credentials)) throw notJson(text);
      if (more.length > 0) {
        warn(
          `VCAP_SERVICES has ${more.length + 1} bindings of aicore; the first one is used: ${String(binding.name)}.`,
        );
      }
      return readServiceKey(binding.credentials, { allowHosts });
    },
  };
};

function notJson(text: string): CredentialsError {
  const { line, column } = jsonErrorPosition(text);
  return new CredentialsError(
    "key_invalid",
    `VCAP_SERVICES is not valid JSON (line ${line}, column ${column}).`,
  );
}
