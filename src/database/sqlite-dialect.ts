import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from "kysely";

/**
 * Kysely's SQLite, whose connections in one thread take turns. Statements are synchronous: a connection that waits for
 * the lock of another one's transaction would keep the thread from ever ending that transaction.
 */
export class TurnTakingDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new TurnTakingDriver(this.#config);
  }
}

class TurnTakingDriver extends SqliteDriver {
  #leave: () => void = () => undefined;

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    this.#leave = await enter();
    return connection;
  }

  /** Its lock at once: every transaction writes, and only who holds nothing yet may wait for a lock (SQLite's busy handler). */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  /**
   * After an error such as a full disk SQLite has done it already and refuses to do it again, which is no harm: what is to
   * be told is that error (https://sqlite.org/lang_transaction.html, section 3.1).
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw("rollback"));
    } catch {
      // Nothing is left to be rolled back.
    }
  }

  override async releaseConnection(): Promise<void> {
    this.#leave();
    await super.releaseConnection();
  }
}

let lastTurn: Promise<void> = Promise.resolve();

/** Waits for its turn and answers what ends it. */
async function enter(): Promise<() => void> {
  const before = lastTurn;
  let leave = () => {};
  lastTurn = new Promise((resolve) => {
    leave = resolve;
  });
  await before;
  return leave;
}
