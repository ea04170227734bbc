import type { Profile } from "../../src/config/profiles.ts";

/** What the settings hold for the key of `serviceKey()`. */
export const PROFILE: Profile = {
  tokenUrl: "https://my-subdomain.authentication.eu10.hana.ondemand.com/oauth/token",
  apiUrl: "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com",
  resourceGroup: "default",
  storage: "plain",
  clientId: "sb-…f2a1!b1234",
  kind: "secret",
  createdAt: "2026-11-21T09:00:00.000Z",
};
