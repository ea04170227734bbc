import { distance } from "../config/rules.ts";
import { parseModelName } from "./names.ts";

const MOST = 3;
/** A part shorter than this says nothing about a name. */
const SHORTEST_PART = 3;

/** The name among `names` that means the same model, in whatever spelling it was asked for. */
export function sameModel(asked: string, names: readonly string[]): string | undefined {
  const written = asked.trim().toLowerCase();
  const { key } = parseModelName(written);
  return (
    names.find((name) => name.toLowerCase() === written) ??
    names.find((name) => parseModelName(name).key === key)
  );
}

/** The names that were probably meant, the likeliest first: parts of each other, or a few letters apart. */
export function suggest(asked: string, names: readonly string[]): string[] {
  const wanted = squeezed(asked);
  if (wanted.length < SHORTEST_PART) return [];
  // Two letters that changed places are two apart; between two versions that is another model.
  const least = /\d/.test(wanted) ? 1 : 2;
  const slack = Math.max(least, Math.floor(wanted.length / 4));
  return names
    .map((name) => ({ name, short: squeezed(name) }))
    .map(({ name, short }) => ({ name, short, apart: distance(wanted, short) }))
    .filter(({ short, apart }) => apart <= slack || isPart(short, wanted) || isPart(wanted, short))
    .sort((a, b) => a.apart - b.apart)
    .filter(({ apart }, _rank, [best]) => apart === 0 || best?.apart !== 0)
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** "Did you mean a, b, or c?", or nothing where nothing is near. */
export function didYouMean(asked: string, names: readonly string[]): string {
  const near = suggest(asked, names);
  if (near.length === 0) return "";
  return ` Did you mean ${alternatives(near)}?`;
}

/** Without `Intl`, whose first list takes 5 ms: a launcher asks for tiers that the tenant may not have (2026-11). */
function alternatives(names: readonly string[]): string {
  if (names.length < 3) return names.join(" or ");
  return `${names.slice(0, -1).join(", ")}, or ${names.at(-1)}`;
}

function isPart(part: string, whole: string): boolean {
  return part.length >= SHORTEST_PART && whole.includes(part);
}

/** Letters and digits only, without the maker: dashes and dots are what people forget. */
function squeezed(name: string): string {
  return name
    .toLowerCase()
    .replace(/^[a-z]+--/, "")
    .replace(/[^a-z0-9]/g, "");
}
