import { describe, expect, test } from "vitest";
import { CredentialsError } from "../../src/errors.ts";
import { describeFailure, usageErrorFrom } from "../../src/terminal/failure.ts";

const PLAIN = { json: false, verbose: false };

describe("a failure", () => {
  const error = new CredentialsError("refused", "SAP refused\u001b[2J it: Bearer abcdefghijklmnop", {
    hint: "Log in.",
  });

  test("is an error line and a hint line, cleaned and without secrets", () => {
    expect(describeFailure(error, PLAIN)).toBe("Error: SAP refused it: Bearer [redacted]\nLog in.\n");
  });

  test("shows no secret that stands right behind an escape sequence", () => {
    const hidden = new CredentialsError(
      "refused",
      `SAP says \u001b[2Kaicl_abcdefghijkl \u001b[31mBearer abcdefghijklmnop`,
    );
    expect(describeFailure(hidden, PLAIN)).toBe("Error: SAP says [api key] Bearer [redacted]\n");
  });

  test("is one document with --json", () => {
    expect(JSON.parse(describeFailure(error, { json: true, verbose: true }))).toEqual({
      error: { code: "refused", message: "SAP refused it: Bearer [redacted]", hint: "Log in." },
    });
  });

  test("shows a stack with --verbose only", () => {
    expect(describeFailure(new TypeError("x is not a function"), PLAIN)).toBe("Error: x is not a function\n");
    expect(describeFailure(new TypeError("x"), { json: false, verbose: true })).toMatch(
      /TypeError: x\n +at /,
    );
  });

  test("keeps the lines of a text of our own", () => {
    expect(describeFailure(new CredentialsError("k1", "No keychain.\nChoose one:\n  - a"), PLAIN)).toBe(
      "Error: No keychain.\nChoose one:\n  - a\n",
    );
  });
});

test.each([
  [
    "error: unknown option '--prot'\n(Did you mean --port?)",
    "Unknown option '--prot'",
    "Did you mean --port?",
  ],
  ["error: unknown option '--x=secret'", "Unknown option '--x'", "See aicore --help"],
  ["error: unknown command 'x'", "Unknown command 'x'", "See aicore --help"],
])("commander's %j", (text, message, hint) => {
  expect(usageErrorFrom(text)).toMatchObject({ message, hint, exitCode: 2 });
});
