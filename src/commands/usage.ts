/** `aicore usage`: what was used, by whom, and what it cost. It reads the database itself: no proxy has to run. */
import { existsSync } from "node:fs";
import { databaseFor } from "../config/database.ts";
import { pathsFor } from "../config/paths.ts";
import { loadSettings, type Settings } from "../config/settings.ts";
import { openDatabase } from "../database/open.ts";
import { UsageError } from "../errors.ts";
import type { Json, JsonObject } from "../hub/json.ts";
import { showsBlocks } from "../terminal/bar.ts";
import { toCsv } from "../terminal/csv.ts";
import type { Output } from "../terminal/output.ts";
import { figuresDocument, rounded, type Sums, totalOf } from "../usage/usage-document.ts";
import type { UsageFigures, UsageQuery } from "../usage/usage-query.ts";
import { usageStore } from "../usage/usage-store.ts";
import type { Context } from "./types.ts";
import { type Question, questionFrom, type UsageOptions } from "./usage-question.ts";
import { usageTable } from "./usage-table.ts";

type Price = { amount: number; currency: string } | undefined;

export async function run(context: Context, _args: string[], options: UsageOptions): Promise<undefined> {
  const { env, globals, out } = context;
  const question = questionFrom(options, globals.profile, Date.now());
  const price = priceIn(loadSettings(env));
  const { unit = "tokens" } = options;
  if (unit === "money" && !price) throw priceless();
  const figures = await figuresFor(context, question);
  switch (options.output ?? (out.json ? "json" : "table")) {
    case "json":
      out.document(documentOf(figures, question, price));
      break;
    case "csv":
      out.result(
        toCsv(
          titles(question, price),
          figures.map((row) => cells(row, question, price)),
        ),
      );
      break;
    case "table": {
      const { width, paint } = out;
      if (figures.length === 0) return sayNothing(out, question);
      out.result(
        usageTable(figures, { by: question.by, unit, price, width, blocks: showsBlocks(env), paint }),
      );
      sayNotes(out, totalOf(figures), question);
    }
  }
  return undefined;
}

function priceIn(settings: Settings): Price {
  const amount = settings.value("cost.price");
  return amount === undefined ? undefined : { amount, currency: settings.value("cost.currency") };
}

function priceless(): UsageError {
  return new UsageError("price_missing", "--unit money: there is no price of a capacity unit.", {
    hint: "It stands in your contract with SAP: aicore config set cost.price 1.04, and cost.currency USD where it is not in EUR.",
  });
}

/** A file that is not there is not made: nothing was recorded yet. */
async function figuresFor({ env, out }: Context, question: UsageQuery): Promise<UsageFigures[]> {
  const { requests } = databaseFor(pathsFor(env), env);
  if ("file" in requests && !existsSync(requests.file)) return [];
  const database = await openDatabase(requests, "requests", { warn: (message) => out.warn(message) });
  try {
    return await usageStore(database).figures(question);
  } finally {
    await database.close();
  }
}

function documentOf(rows: readonly UsageFigures[], { since, until }: Question, price: Price): JsonObject {
  const told = (sums: Sums) => ({ ...figuresDocument(sums), ...moneyOf(sums, price) });
  return {
    since: new Date(since).toISOString(),
    until: until === undefined ? null : new Date(until).toISOString(),
    ...(price && { currency: price.currency }),
    rows: rows.map(({ group, ...sums }) => ({ group: { ...group }, ...told(sums) })),
    total: told(totalOf(rows)),
  };
}

/** Only where there is a price. */
function moneyOf({ capacityUnits }: Sums, price: Price): { money?: number | null } {
  if (!price) return {};
  return { money: capacityUnits === undefined ? null : rounded(capacityUnits * price.amount) };
}

function titles({ by }: Question, price: Price): string[] {
  return [...by, ...Object.keys(figuresDocument(totalOf([]))), ...(price ? ["money", "currency"] : [])];
}

function cells({ group, ...sums }: UsageFigures, { by }: Question, price: Price): Json[] {
  return [
    ...by.map((each) => group[each] ?? null),
    ...Object.values(figuresDocument(sums)),
    ...(price ? [moneyOf(sums, price).money ?? null, price.currency] : []),
  ];
}

function sayNothing(out: Output, { since, until, by: _by, ...filter }: Question): undefined {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  const span = `since ${day(since)}${until === undefined ? "" : `, before ${day(until)}`}`;
  const which = Object.entries(filter).map(([name, value]) => `${name} ${value}`);
  out.say(`No requests ${[span, ...which].join(", ")}.`);
  out.say(
    which.length > 0
      ? "Without filters: aicore usage. Names are those of `aicore usage --by model,key,tool`."
      : "All that goes through `aicore serve` or `aicore claude` and the like is counted. Further back: --since 90d.",
  );
  return undefined;
}

function sayNotes(out: Output, { estimated, unpriced }: Sums, { since }: Question): void {
  const notes = [
    `Since ${new Date(since).toISOString().slice(0, 10)}. CU are SAP's capacity units, estimated by its catalogue.`,
    ...(estimated > 0
      ? [`~ ${requests(estimated)} did not tell all tokens: a part is estimated, or missing.`]
      : []),
    ...(unpriced > 0 ? [`> ? The cost of ${requests(unpriced)} is not known: it comes on top.`] : []),
  ];
  for (const note of notes) out.say(note);
}

function requests(count: number): string {
  return count === 1 ? "1 request" : `${count} requests`;
}
