/** What ends a run and is told without a stack. */
export class BenchError extends Error {}
