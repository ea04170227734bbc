/** The tenant that a sandbox has when nobody says otherwise: every oddity of live listings is in it once. */
import type { SandboxDeployment } from "./tenant.ts";

export const DEFAULT_TENANT: readonly SandboxDeployment[] = [
  { id: "df1de8f5611ecd76", model: "anthropic--claude-4.8-opus", createdAt: "2026-09-02T07:41:10Z" },
  {
    id: "dd0ed8eb991230f2",
    model: "anthropic--claude-4.6-opus",
    details: "backend_details",
    createdAt: "2026-03-11T09:12:45Z",
  },
  {
    id: "d452809d631de61f",
    model: "anthropic--claude-4.6-sonnet",
    version: "1",
    createdAt: "2026-03-12T10:00:00Z",
  },
  { id: "d1757cd71b0fca9e", model: "anthropic--claude-4.6-sonnet", createdAt: "2026-07-20T15:30:00Z" },
  {
    id: "df17f9b306220b52",
    model: "anthropic--claude-4.5-sonnet",
    details: "backendDetails",
    showExecutable: false,
    createdAt: "2025-11-04T12:05:33Z",
  },
  {
    id: "dbd5aa74c06c576d",
    model: "anthropic--claude-4.5-haiku",
    configuration: "small-and-fast",
    details: "none",
    showExecutable: false,
    createdAt: "2025-11-04T12:08:01Z",
  },
  { id: "d07a10fca201a746", model: "gpt-4o", version: "2024-08-06", status: "STOPPED" },
  { id: "dfdb1188c9a2140b", model: "gemini-2.5-pro", status: "PENDING" },
  {
    id: "d2ca531ea1d6cae2",
    model: "mistralai--mistral-medium-instruct",
    status: "DEAD",
    statusMessage: "Model version is retired",
  },
  { id: "d04d64b906e407d9", status: "STOPPED", details: "none", showExecutable: false },
  { id: "d618c7bc1515bec2", group: "team-blue", model: "anthropic--claude-3.7-sonnet" },
  {
    id: "d9899b899885ed3f",
    group: "team-blue",
    model: "anthropic--claude-3-haiku",
    details: "backendDetails",
  },
];
