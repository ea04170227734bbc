/**
 * Stacked bars over time, by uPlot, in the colours of the page.
 * @typedef {{ label: string, colour: number, values: (number | null)[] }} Layer lowest first; colour 1 to 4 of theme.css
 * @typedef {{ starts: number[], step: number, utc: boolean, layers: Layer[], format: (value: number) => string, describe: string }} ChartData
 */
export class StackedBars {
  #place;
  /** @type {uPlot | undefined} */
  #plot;
  #shape = "";
  /** @type {ChartData | undefined} */
  #data;
  #tell;

  /**
   * @param {HTMLElement} place
   * @param {(bucket: number | undefined) => void} tell what the pointer is over
   * @param {AbortSignal} signal ends it
   */
  constructor(place, tell, signal) {
    this.#place = place;
    this.#tell = tell;
    const observer = new ResizeObserver(() => this.#plot?.setSize(this.#size()));
    observer.observe(place);
    document.documentElement.addEventListener("theme", () => this.#draw(true), { signal });
    signal.addEventListener("abort", () => {
      observer.disconnect();
      this.showInstead(document.createElement("div"));
    });
  }

  show(/** @type {ChartData} */ data) {
    this.#data = data;
    this.#place.setAttribute("role", "img");
    this.#place.setAttribute("aria-label", data.describe);
    this.#draw(false);
  }

  /** Puts an element in the place of the chart. */
  showInstead(/** @type {Element} */ element) {
    this.#data = undefined;
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#place.removeAttribute("role");
    this.#place.removeAttribute("aria-label");
    this.#place.replaceChildren(element);
  }

  #draw(/** @type {boolean} */ anew) {
    if (!this.#data) return;
    const { starts, step, utc, layers } = this.#data;
    const columns = [starts.map((start) => start / 1_000), ...stacked(layers)];
    const shape = `${step} ${utc} ${starts.length} ${layers.length}`;
    if (this.#plot && !anew && shape === this.#shape) {
      this.#plot.setData(/** @type {uPlot.AlignedData} */ (columns));
      return;
    }
    this.#plot?.destroy();
    this.#place.replaceChildren();
    this.#shape = shape;
    this.#plot = new uPlot(
      this.#options(this.#data),
      /** @type {uPlot.AlignedData} */ (columns),
      this.#place,
    );
  }

  #size() {
    return { width: this.#place.clientWidth, height: this.#place.clientHeight };
  }

  /** @returns {uPlot.Options} */
  #options(/** @type {ChartData} */ { step, utc, layers, format }) {
    const style = getComputedStyle(document.documentElement);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour("--muted"),
      font: `12px ${style.getPropertyValue("--font")}`,
      ticks: { show: false },
      grid: { show: false },
    };
    const paths = uPlot.paths.bars?.({ size: [0.72, 44], align: 1, radius: 0 });
    return {
      ...this.#size(),
      legend: { show: false },
      padding: [8, 4, 0, 0],
      cursor: { y: false, drag: { setScale: false }, points: { show: false } },
      ...(utc && { tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), "Etc/UTC") }),
      scales: {
        x: { range: (_, low, high) => [low, high + step / 1_000] },
        y: { range: (_, __, high) => [0, high > 0 ? high * 1.08 : 1] },
      },
      axes: [
        {
          ...axis,
          space: 56,
          size: 32,
          values: (_, ticks) => ticks.map((tick) => timeLabel(tick * 1_000, utc)),
          incrs: [step / 1_000, 900, 1_800, 3_600, 10_800, 21_600, 86_400, 172_800, 345_600, 604_800].filter(
            (each) => each >= step / 1_000,
          ),
        },
        {
          ...axis,
          size: 52,
          space: 34,
          grid: { stroke: colour("--line"), width: 1 },
          values: (_, ticks) => ticks.map((tick) => format(tick)),
        },
      ],
      series: [
        {},
        // The tallest is drawn first, so that each lower one covers its own part.
        ...layers.toReversed().map((layer) => ({
          label: layer.label,
          fill: colour(`--series-${layer.colour}`),
          width: 0,
          points: { show: false },
          ...(paths && { paths }),
        })),
      ],
      hooks: { setCursor: [({ cursor }) => this.#tell(this.#bucketUnder(cursor.left))] },
    };
  }

  /** Bars stand to the right of where their bucket begins, so the nearest point is not always the one meant. */
  #bucketUnder(/** @type {number | undefined} */ left) {
    if (left === undefined || left < 0 || !this.#plot || !this.#data) return undefined;
    const { starts, step } = this.#data;
    const at = Math.floor((this.#plot.posToVal(left, "x") * 1_000 - (starts[0] ?? 0)) / step);
    return at >= 0 && at < starts.length ? at : undefined;
  }
}

/** Each layer on top of those below it, the topmost first. */
function stacked(/** @type {Layer[]} */ layers) {
  /** @type {number[][]} */
  const sums = [];
  for (const { values } of layers) {
    const below = sums.at(-1);
    sums.push(values.map((value, at) => (value ?? 0) + (below?.[at] ?? 0)));
  }
  return sums.toReversed();
}

/**
 * A tick of the time axis; midnight is told as the day.
 * @param {number} at
 * @param {boolean} utc
 */
export function timeLabel(at, utc) {
  const date = new Date(at);
  const isDay = utc || (date.getHours() === 0 && date.getMinutes() === 0);
  /** @type {Intl.DateTimeFormatOptions} */
  const clock = date.getMinutes() === 0 ? { hour: "numeric" } : { hour: "numeric", minute: "2-digit" };
  /** @type {Intl.DateTimeFormatOptions} */
  const style = isDay ? { month: "short", day: "numeric" } : clock;
  return new Intl.DateTimeFormat(undefined, { ...style, ...(utc && { timeZone: "UTC" }) }).format(date);
}
