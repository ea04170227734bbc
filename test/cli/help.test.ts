/** How `--help` looks: nothing is wider than the terminal, no word is cut. */
import { expect, test } from "vitest";
import { buildProgram } from "../../src/cli.ts";

function helpIn(columns: number, name?: string): string {
  const program = buildProgram();
  const command = name === undefined ? program : program.commands.find((each) => each.name() === name);
  command?.configureOutput({ getOutHelpWidth: () => columns });
  return command?.helpInformation() ?? "";
}

test.each([80, 60, 40])("in %i columns no line of the list of commands is longer", (columns) => {
  const lines = helpIn(columns).split("\n");
  expect(lines.length).toBeGreaterThan(40);
  expect(lines.filter((line) => line.length > columns)).toEqual([]);
});

test("the list of commands has headings, and terms without what their own help tells", () => {
  const help = helpIn(80);
  expect([...help.matchAll(/^(\w[\w ]*):$/gm)].map(([, heading]) => heading)).toEqual([
    "Global options",
    "Account",
    "Models",
    "Tools",
    "Proxy",
    "More",
  ]);
  expect(help).toMatch(/^ {2}status {14}show who/m);
  expect(help).toMatch(/^ {2}claude \[args\.\.\.\] {4}run Claude Code/m);
});

test("on a narrow terminal a summary stands below its option", () => {
  expect(helpIn(40, "chat")).toContain(
    "\n  --system <text>\n    what the model is told about its\n    part\n",
  );
});
