import { KnownBodies } from "../../src/proxy/known-bodies.ts";

/** Requests of any size have values in common, and whoever changes one of them fails. */
export class FrozenBodies extends KnownBodies {
  constructor() {
    super({ least: 0 });
  }

  override read(...args: Parameters<KnownBodies["read"]>): unknown {
    return frozen(super.read(...args));
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}
