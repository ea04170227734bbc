/** What is measured. Times are wall clock unless they say CPU; CPU is the kernel's account of all threads. */
export type Metric =
  | "requestCpu"
  | "eventCpu"
  | "answer"
  | "first"
  | "event"
  | "event99"
  | "answers"
  | "events"
  | "idle"
  | "warm"
  | "open100"
  | "open500"
  | "per100"
  | "wall";

interface Column {
  title: string;
  unit: string;
  digits: number;
}

export const METRICS: Readonly<Record<Metric, Column>> = {
  requestCpu: { title: "CPU a request", unit: "µs", digits: 0 },
  eventCpu: { title: "CPU an event", unit: "µs", digits: 1 },
  answer: { title: "answer p50", unit: "µs", digits: 0 },
  first: { title: "first event p50", unit: "µs", digits: 0 },
  event: { title: "event p50", unit: "µs", digits: 0 },
  event99: { title: "event p99", unit: "µs", digits: 0 },
  answers: { title: "requests/s", unit: "", digits: 0 },
  events: { title: "events/s", unit: "", digits: 0 },
  idle: { title: "idle", unit: "MB", digits: 0 },
  warm: { title: "warm", unit: "MB", digits: 0 },
  open100: { title: "100 streams", unit: "MB", digits: 0 },
  open500: { title: "500 streams", unit: "MB", digits: 0 },
  per100: { title: "per 100 streams", unit: "MB", digits: 1 },
  wall: { title: "wall time", unit: "ms", digits: 0 },
};

/** What one visit to one subject found. */
export type Reading = Readonly<Partial<Record<Metric, number>>>;

/** Who is measured: a target of the load, or a program whose start is timed. */
export type Subject =
  | "direct"
  | "nginx"
  | "pipe"
  | "fetch"
  | "aicore"
  | "node"
  | "version"
  | "serve"
  | "claude";

/** By scenario and subject: one reading a round, so that readings of the same round can be compared. */
export type Readings = Record<string, Partial<Record<Subject, Reading[]>>>;

export function addReading(readings: Readings, scenario: string, subject: Subject, reading: Reading): void {
  const subjects = readings[scenario] ?? {};
  const rounds = subjects[subject] ?? [];
  readings[scenario] = { ...subjects, [subject]: [...rounds, reading] };
}

/** A new order of the same things. */
export function shuffled<T>(things: readonly T[]): T[] {
  return things
    .map((thing) => ({ thing, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ thing }) => thing);
}
