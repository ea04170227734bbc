import type { JsonObject } from "../../hub/json.ts";

/** Fields that only the keys of another service have, the telling ones first. XSUAA's stand in many, so it is last. */
const OTHER_SERVICES: [service: string, fields: string[]][] = [
  ["hana", ["driver", "schema", "hdi_user", "db_port", "database_id"]],
  ["postgresql-db", ["dbname", "sslrootcert"]],
  ["objectstore", ["bucket", "access_key_id", "container_name"]],
  ["connectivity", ["onpremise_proxy_host"]],
  ["destination", ["destination-configuration", "instanceid"]],
  ["enterprise-messaging", ["messaging", "management"]],
  ["html5-apps-repo", ["html5-apps-repo", "sap.cloud.service"]],
  ["service-manager", ["sm_url"]],
  ["Google Cloud service account", ["private_key_id", "client_x509_cert_url"]],
  ["xsuaa", ["xsappname", "verificationkey", "uaadomain", "uaa"]],
];

/** Which other service a key seems to belong to: by its binding's label, else by its fields. */
export function otherService(document: JsonObject, key: JsonObject): string | undefined {
  if (key.serviceurls !== undefined) return undefined;
  const { label } = document;
  if (typeof label === "string" && label !== "aicore" && /^[\w.-]{1,64}$/.test(label)) return label;
  return OTHER_SERVICES.find(([, fields]) => fields.some((field) => Object.hasOwn(key, field)))?.[0];
}
