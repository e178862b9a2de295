import type { Cursor } from '../../rollout/observation.ts';

/** How far a metric is counted. */
export type Place = {
  /** Samples up to this time are counted; milliseconds since 1970. */
  readonly until: number;
  /** How many samples there were shortly before; whatever is there later came late. Null: not known. */
  readonly overlap: number | null;
};

/** The metric is named, and neither its server nor its series: where those are changed, nothing is counted twice. */
function keyOf(metric: string): string {
  return `counters ${metric}`;
}

/** Where counting goes on: where it ended, or at the beginning of the step where that is later. */
export function placeIn(cursor: Cursor, metric: string, since: number): Place {
  const [, at = '', overlap = ''] = /^(\S+) (\d+)$/.exec(cursor[keyOf(metric)] ?? '') ?? [];
  const until = Date.parse(at);
  return until >= since ? { until, overlap: Number(overlap) } : { until: since, overlap: null };
}

export function cursorAt(metric: string, until: number, overlap: number): Cursor {
  return { [keyOf(metric)]: `${new Date(until).toISOString()} ${overlap}` };
}
