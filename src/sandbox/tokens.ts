/** XSUAA: who gets a token, and what the gateway in front of AI Core says to a bad one (protocol 2). */
import { createHmac, randomBytes } from "node:crypto";
import { isObject } from "../hub/json.ts";
import { json, type PlainAnswer, refused, text } from "./answer.ts";

export interface TokenOptions {
  clientId: string;
  clientSecret: string;
  /** Seconds. */
  lifetime: number;
  /** The client proves itself with a certificate: a call with an id and no secret is enough. */
  certificate: boolean;
  /** Of the tokens that are issued here: `http://127.0.0.1:PORT/oauth/token`. */
  issuer: () => string;
}

interface TokenCall {
  method: string;
  query: URLSearchParams;
  authorization: string | undefined;
  contentType: string;
  body: string;
}

export class Tokens {
  private readonly options: TokenOptions;
  private readonly signingKey = randomBytes(32);
  /** Token → expiry in milliseconds since the epoch. */
  private issued = new Map<string, number>();

  constructor(options: TokenOptions) {
    this.options = options;
  }

  /** `POST /oauth/token` in the spellings of protocol 2.1. */
  answer(call: TokenCall): PlainAnswer {
    if (call.method !== "POST") return oauthError(405, "method_not_allowed", "Request method not supported");
    const form = new URLSearchParams(call.contentType.includes("form-urlencoded") ? call.body : "");
    const grant = form.get("grant_type") ?? call.query.get("grant_type");
    if (grant === null) return oauthError(400, "invalid_request", "Missing grant type");
    if (grant !== "client_credentials") {
      return oauthError(400, "unsupported_grant_type", `Unsupported grant type: ${grant}`);
    }
    const [id, secret] = basicPair(call.authorization) ?? [form.get("client_id"), form.get("client_secret")];
    const secretFits =
      secret === this.options.clientSecret ||
      (this.options.certificate && (secret === null || secret === ""));
    if (id !== this.options.clientId || !secretFits)
      return oauthError(401, "unauthorized", "Bad credentials");
    return json(200, this.issue());
  }

  /** What the gateway says to this `Authorization` header; undefined when the token is good. */
  complaint(authorization: string | undefined): PlainAnswer | undefined {
    if (authorization === undefined)
      return refused(text(403, "RBAC: access denied"), "no Authorization header");
    const token = /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? "";
    const expiry = this.issued.get(token);
    if (expiry !== undefined) return Date.now() < expiry ? undefined : text(401, "Jwt is expired");
    const issuer = issuerOf(token);
    const foreign = issuer !== undefined && issuer !== this.options.issuer();
    return text(401, foreign ? "Jwt issuer is not configured" : "Jwt verification fails");
  }

  revoke(): void {
    this.issued.clear();
  }

  private issue() {
    const now = Date.now();
    const jti = randomBytes(16).toString("hex");
    const claims = {
      iss: this.options.issuer(),
      jti,
      client_id: this.options.clientId,
      grant_type: "client_credentials",
      iat: Math.floor(now / 1_000),
      exp: Math.floor(now / 1_000 + this.options.lifetime),
    };
    const unsigned = [{ alg: "RS256", typ: "JWT", kid: "default-jwt-key-1" }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    const token = `${unsigned}.${createHmac("sha256", this.signingKey).update(unsigned).digest("base64url")}`;
    this.issued.set(token, now + this.options.lifetime * 1_000);
    return {
      access_token: token,
      token_type: "bearer",
      expires_in: Math.floor(this.options.lifetime),
      scope: "uaa.resource",
      jti,
    };
  }
}

function oauthError(status: number, error: string, description: string): PlainAnswer {
  return json(status, { error, error_description: description });
}

/** Id and secret out of a Basic header. XSUAA takes them without percent decoding (protocol 2.1). */
function basicPair(authorization: string | undefined): [string, string] | undefined {
  const encoded = /^Basic (\S+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, "base64").toString();
  const colon = pair.indexOf(":");
  return colon < 0 ? undefined : [pair.slice(0, colon), pair.slice(colon + 1)];
}

function issuerOf(token: string): string | undefined {
  const payload = token.split(".")[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
    return isObject(claims) && typeof claims.iss === "string" ? claims.iss : undefined;
  } catch {
    return undefined;
  }
}
