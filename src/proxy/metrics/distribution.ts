/** How often values lay between bounds, and their sum: a histogram without its labels. */
export class Distribution {
  /** Upper bounds, rising; a value on a bound lies below it. */
  readonly bounds: readonly number[];
  /** For each bound, and for what lies above all of them. */
  readonly counts: number[];
  sum = 0;
  count = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array(bounds.length + 1).fill(0);
  }

  add(value: number): void {
    let at = 0;
    while (value > (this.bounds[at] ?? Number.POSITIVE_INFINITY)) at++;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.sum += value;
    this.count += 1;
  }
}
