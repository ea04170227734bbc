/** Which variables a service may be given: a file that others may read holds no secret. Pure. */

const PLAIN = [
  ...[
    "AICORE_CLI_HOME",
    "AICORE_RESOURCE_GROUP",
    "AICORE_PORT",
    "AICORE_HOST",
    "AICORE_LOG",
    "AICORE_LOG_FORMAT",
  ],
  ...["AICORE_PASSPHRASE_FILE", "AICORE_HOME"],
  ...["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"],
  ...["NODE_EXTRA_CA_CERTS", "NO_PROXY", "no_proxy"],
];
/** Plain unless a user and a password stand in them. */
const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
const SECRET = /^(AICORE_(SERVICE_KEY|API_KEYS|CLIENT_\w+|AUTH_URL|BASE_URL|CERT\w*|KEY\w*)|VCAP_SERVICES)$/;

export interface ServiceEnvironment {
  environment: Record<string, string>;
  /** Names of variables that are set here and would be missed there. */
  leftOut: string[];
}

export function serviceEnvironment(env: NodeJS.ProcessEnv): ServiceEnvironment {
  const set = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const isPlain = ([name, value]: [string, string]) =>
    PLAIN.includes(name) || (PROXIES.includes(name) && !value.includes("@"));
  const missed = ([name, value]: [string, string]) =>
    SECRET.test(name) || (PROXIES.includes(name) && value.includes("@"));
  return {
    environment: Object.fromEntries(set.filter(isPlain)),
    leftOut: set.filter(missed).map(([name]) => name),
  };
}

/** The environment as the service will see it: without what is left out. */
export function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { leftOut } = serviceEnvironment(env);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !leftOut.includes(name)));
}
