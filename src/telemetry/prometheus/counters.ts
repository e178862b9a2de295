import { millisecondsOf } from '../../config/duration.ts';
import type { CounterConfiguration, PrometheusConfiguration } from '../../config/prometheus.ts';
import type { Arm } from '../../statistics/blocks.ts';
import type { Count, CountBatch } from '../../statistics/two-proportions.ts';
import type { CounterBatch, CounterReadOptions, CounterSource } from '../counter-source.ts';
import type { Tally } from '../irregularities.ts';
import { findNoBucket, noteNoSeries } from './absence.ts';
import { type PrometheusClient, QueryFailure } from './client.ts';
import { beginsIn, growthOf, type History, noHistory, type Slice, targetOf } from './growth.ts';
import { cursorAt, placeIn } from './place.ts';
import { type Selections, selectionsOf } from './queries.ts';
import { noteWhatIsNotKept } from './retention.ts';
import { type Series, seriesOf, valuesOf } from './series.ts';

/** Milliseconds before a slice whose samples are read with it: what came before its first ones, and what came late. */
const OVERLAP = 5 * 60_000;

/** Milliseconds before the step began in which a series that was silent for longer is looked for. */
const LOOK_BACK = 24 * 3_600_000;

/** Less time than this is not worth asking for, milliseconds. */
const SHORTEST_SLICE = 1000;

export type CountedMetric = {
  readonly metric: string;
  readonly counter: CounterConfiguration;
  readonly source: Pick<PrometheusConfiguration, 'labels' | 'delay'>;
};

/**
 * Calls of one metric, counted by counters or a histogram of Prometheus from their raw samples: whole numbers, as `increase()`, which
 * extrapolates, does not give them.
 */
export function openCounters(
  client: PrometheusClient,
  { metric, counter, source }: CountedMetric,
): CounterSource {
  const delay = millisecondsOf(source.delay);
  return {
    metric,
    async *read(after, options) {
      const { comparison, now, tally } = options;
      const reading = { client, selections: selectionsOf(counter, source, comparison), comparison, tally };
      const end = now - delay;
      let { until: from, overlap } = placeIn(after, metric, comparison.since);
      try {
        await noteWhatIsNotKept(client, { from, now, tally });
        while (end - from >= SHORTEST_SLICE) {
          const until = Math.min(from + options.slice, end);
          const read = await readSlice({ ...reading, labels: source.labels }, { from, until });
          if (overlap !== null) noteLate(read.before - overlap, tally);
          // Whether samples are still to come shows with the next ones.
          if (read.samples === 0 && until === end) return;
          yield batchOf(metric, read, { from, until });
          [from, overlap] = [until, read.overlap];
        }
      } catch (error) {
        if (!(error instanceof QueryFailure)) throw error;
        tally.add(error.kind, `${metric}: ${error.message}`);
      }
    },
  };
}

type Reading = Pick<CounterReadOptions, 'comparison' | 'tally'> & {
  readonly client: PrometheusClient;
  readonly selections: Selections;
  readonly labels: PrometheusConfiguration['labels'];
};

type SliceRead = {
  readonly counts: CountBatch;
  /** Samples of the slice, of the time before it that was read with it, and of such a time before the next one. */
  readonly samples: number;
  readonly before: number;
  readonly overlap: number;
};

/** @throws {QueryFailure} */
async function readSlice(reading: Reading, slice: Slice): Promise<SliceRead> {
  const { selections, comparison, labels, tally } = reading;
  const total = await rawSeries(reading, selections.total, slice);
  const part = await rawSeries(reading, selections.part, slice);
  if (total.length === 0) await noteNoSeries(reading, slice);
  else if (part.length === 0) await findNoBucket(reading, slice);
  const all = [...total, ...part];
  const history = all.some((series) => beginsIn(series, slice))
    ? await historyBefore(reading, slice)
    : noHistory;
  const grown = growthOf(all, slice, history);
  const sum = (series: readonly Series[], version: string) =>
    series.reduce(
      (calls, each) => (each.labels[labels.version] === version ? calls + grown(each) : calls),
      0,
    );
  const countOf = (version: string): Count => {
    const [calls, counted] = [sum(total, version), sum(part, version)];
    if (counted > calls)
      tally.add('malformed', `${counted} ${selections.partIs} calls of ${calls}: ${selections.part}`);
    const within = Math.min(counted, calls);
    return { total: calls, successes: selections.partIs === 'good' ? within : calls - within };
  };
  const { stable, canary } = comparison;
  const within = (from: number, until: number) =>
    all.reduce((n, { samples }) => n + samples.filter(({ at }) => at > from && at <= until).length, 0);
  return {
    counts: { control: countOf(stable), canary: countOf(canary) },
    samples: within(slice.from, slice.until),
    before: within(slice.from - OVERLAP, slice.from),
    overlap: within(slice.until - OVERLAP, slice.until),
  };
}

async function rawSeries(
  { client, tally }: Reading,
  selector: string,
  { from, until }: Slice,
): Promise<readonly Series[]> {
  const range = until - from + OVERLAP;
  return seriesOf(await client.query(`${selector}[${range}ms]`, until), { from, tally });
}

/** The last values before a slice, however long ago in this step or on the day before it. */
async function historyBefore({ client, selections, comparison }: Reading, { from }: Slice): Promise<History> {
  const range = from - comparison.since + LOOK_BACK;
  const lastValues = async (selector: string) =>
    valuesOf(await client.query(`last_over_time(${selector}[${range}ms])`, from));
  const known = [...(await lastValues(selections.total)), ...(await lastValues(selections.part))];
  return {
    values: new Map(known.map(([key, { value }]) => [key, value])),
    targets: new Set(known.map(([, series]) => targetOf(series))),
  };
}

function batchOf(metric: string, { counts, samples, overlap }: SliceRead, slice: Slice): CounterBatch {
  const arms: readonly Arm[] = ['control', 'canary'];
  const hasGrown = arms.some((arm) => counts[arm].total > 0);
  return {
    counters: hasGrown ? { metric, ...counts } : null,
    samples,
    ...slice,
    cursor: cursorAt(metric, slice.until, overlap),
  };
}

function noteLate(late: number, tally: Tally): void {
  for (let n = 0; n < late; n++)
    tally.add('late', 'a sample of a time that was counted before: raise `delay`');
}
