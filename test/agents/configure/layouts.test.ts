/** JSON in any layout: made up by a generator with a fixed seed, changed, changed again, and given back. */
import { expect, test } from "vitest";
import { type Entry, MisfitError } from "../../../src/agents/configure/formats/format.ts";
import { writeJsonc } from "../../../src/agents/configure/formats/jsonc.ts";

const DOCUMENTS = 600;

const FIRST: Entry[] = [
  { at: ["env", "URL"], value: "http://1" },
  { at: ["env", "KEY"], value: "k" },
  { at: ["helper"], value: { deep: [1, { x: 2 }] } },
  { at: ["list", "of"], item: { id: 1, n: [1] } },
  { at: ["list", "of"], item: { id: 2 } },
  { at: ["a"], value: "z", when: "absent" },
  { at: ["b"], value: "z", when: "present" },
];
const SECOND: Entry[] = [
  { at: ["env", "URL"], value: "http://2" },
  { at: ["list", "of"], item: { id: 2 } },
  { at: ["list", "of"], item: { id: 3 } },
  { at: ["new", "er", "x"], value: 1 },
];

test("gives back every byte of files in any layout", () => {
  const random = generator(20_261_121);
  let fitting = 0;
  for (let count = 0; count < DOCUMENTS; count++) {
    const text = documentFrom(random);
    try {
      const once = writeJsonc(text, FIRST, []);
      expect(writeJsonc(once.text, [], once.changes).text, once.text).toBe(text);
      expect(writeJsonc(once.text, FIRST, once.changes).text).toBe(once.text);
      const twice = writeJsonc(once.text, SECOND, once.changes);
      expect(writeJsonc(twice.text, [], twice.changes).text, twice.text).toBe(text);
      fitting++;
    } catch (error) {
      if (!(error instanceof MisfitError)) throw error;
    }
  }
  expect(fitting).toBeGreaterThan(DOCUMENTS / 2);
});

/** A number below `limit`, the same sequence in each run. */
type Random = (limit: number) => number;

function generator(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
}

function documentFrom(random: Random): string {
  const eol = random(2) ? "\n" : "\r\n";
  const head = pick(random, ["", `// head${eol}`, eol]);
  return head + objectFrom(random, eol, 0) + pick(random, ["", eol, `${eol}// tail${eol}`]);
}

function objectFrom(random: Random, eol: string, depth: number): string {
  const names = ["env", "URL", "helper", "a", "b", "list", "of", "x y"].filter(() => random(3) === 0);
  const members = names.map((name) => [JSON.stringify(name), ":", valueFrom(random, eol, depth + 1)]);
  return bracketed(random, eol, "{}", members);
}

function valueFrom(random: Random, eol: string, depth: number): string {
  const kind = random(depth > 3 ? 3 : 6);
  if (kind < 3) return pick(random, ["1", '"s,}//"', "null", "true"]);
  if (kind < 5) return objectFrom(random, eol, depth);
  const elements = Array.from({ length: random(3) }, () => [valueFrom(random, eol, depth + 1)]);
  return bracketed(random, eol, "[]", elements);
}

function bracketed(random: Random, eol: string, brackets: string, members: string[][]): string {
  const between = () => spaceFrom(random, eol);
  const texts = members.map((tokens) => tokens.map((token) => between() + token).join("") + between());
  const last = members.length > 0 && random(4) === 0 ? "," : "";
  return `${brackets[0]}${texts.join(",")}${last}${between()}${brackets[1]}`;
}

function spaceFrom(random: Random, eol: string): string {
  const lines = [`${eol}  `, `${eol}\t`, eol, ` // c${eol}`, `${eol}// d, }${eol} `];
  return pick(random, ["", "", " ", "/* x */", " /* ,a */ ", ...lines]);
}

function pick(random: Random, choices: string[]): string {
  return choices[random(choices.length)] ?? "";
}
