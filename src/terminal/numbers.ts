/** Numbers as people read them: `1,234,567`, `12.34`, `87%`. */

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export function whole(value: number): string {
  return WHOLE.format(value);
}

export function percent(part: number): string {
  return `${Math.round(part * 100)}%`;
}

/**
 * Formats amounts that stand below each other, all with as many decimals as the largest asks for; what is too small to
 * be seen with so many is `<0.01`, never 0.
 */
export function amountsLike(largest: number): (value: number) => string {
  const digits = largest >= 10 ? 2 : 4;
  const format = new Intl.NumberFormat("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const least = 10 ** -digits;
  return (value) => (value > 0 && value < least / 2 ? `<${format.format(least)}` : format.format(value));
}
