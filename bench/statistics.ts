/** What some rounds came to. */
export interface Spread {
  min: number;
  median: number;
  max: number;
}

/** Undefined without figures. */
export function spreadOf(figures: readonly number[]): Spread | undefined {
  const sorted = figures.filter(Number.isFinite).sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)];
  const high = sorted[Math.ceil(middle)];
  if (min === undefined || max === undefined || low === undefined || high === undefined) return undefined;
  return { min, median: (low + high) / 2, max };
}

/** Two series round by round; rounds that one of them lacks are left out. */
export function paired(
  left: readonly (number | undefined)[],
  right: readonly (number | undefined)[],
  compare: (left: number, right: number) => number,
): number[] {
  return left.flatMap((figure, round) => {
    const other = right[round];
    return figure === undefined || other === undefined ? [] : [compare(figure, other)];
  });
}
