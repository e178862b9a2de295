import { addToBlock, emptyBlock } from '../statistics/blocks.ts';
import { addMoment, noMoments } from '../statistics/confidence-sequence.ts';
import { bet, harmPayoff, noBets, nonInferiorityPayoff } from '../statistics/e-process.ts';
import { logScaled } from '../statistics/log-scale.ts';
import { addCounts, noCounts } from '../statistics/two-proportions.ts';
import { type CountedUsersEditor, openCountedUsers } from './counted-users.ts';
import type { CounterReading, Cursor, Observation } from './observation.ts';
import type { RolloutPlan, WatchedMetric } from './plan.ts';
import type { CountEvidence, Evidence, MetricEvidence, UserEvidence } from './state.ts';

/** What telemetry gave since the last reading. */
export type Reading = {
  /** In the order of their events: whoever came first belongs into the earlier block. */
  readonly observations: readonly Observation[];
  readonly counters: readonly CounterReading[];
  /** How far the sources are read with this. */
  readonly cursor: Cursor;
  readonly at: string;
};

const noUserEvidence: UserEvidence = {
  from: 'users',
  counted: { control: 0, canary: 0 },
  block: emptyBlock,
  blockSums: { control: 0, canary: 0 },
  difference: noMoments,
  harm: noBets,
  nonInferiority: noBets,
  unusable: 0,
};

const noCountEvidence: CountEvidence = { from: 'counters', ...noCounts };

/** Evidence of which nothing is known yet; `cursor` is where reading begins. */
export function noEvidence(cursor: Cursor): Evidence {
  return {
    metrics: {},
    arrivals: { control: 0, canary: 0 },
    countedUsers: [],
    lastObservedAt: null,
    cursor,
  };
}

/** The evidence on one metric, empty when nothing was counted. */
export function evidenceOn({ metrics }: Evidence, { name, from }: WatchedMetric): MetricEvidence {
  const known = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  if (known?.from === from) return known;
  return from === 'users' ? noUserEvidence : noCountEvidence;
}

/** The evidence with one more reading. Metrics that the plan does not watch are passed over. */
export function addReading(evidence: Evidence, reading: Reading, { metrics }: RolloutPlan): Evidence {
  const counted = openCountedUsers(evidence.countedUsers);
  const arrivals = { ...evidence.arrivals };
  const current = new Map(metrics.map((metric) => [metric.name, evidenceOn(evidence, metric)]));
  for (const observation of reading.observations) {
    if (counted.add(observation.user)) arrivals[observation.arm] += 1;
    for (const metric of metrics) {
      const before = current.get(metric.name);
      if (before?.from !== 'users') continue;
      current.set(metric.name, addObservation(before, observation, { metric, counted }));
    }
  }
  for (const { metric: name, control, canary } of reading.counters) {
    const metric = metrics.find((watched) => watched.name === name);
    const before = current.get(name);
    if (!metric || before?.from !== 'counters') continue;
    const bounds = { tolerance: metric.tolerance, margin: metric.nonInferiority };
    current.set(name, { from: 'counters', ...addCounts(before, { control, canary }, bounds) });
  }
  const anything = reading.observations.length + reading.counters.length > 0;
  return {
    metrics: Object.fromEntries(current),
    arrivals,
    countedUsers: counted.close(),
    lastObservedAt: anything ? reading.at : evidence.lastObservedAt,
    cursor: reading.cursor,
  };
}

/**
 * The evidence at the beginning of the next step: what was shown stays. Open blocks are let go, because their users came at another
 * percentage, and the sample ratio starts over with the new share.
 */
export function carriedOver(evidence: Evidence): Evidence {
  const metrics = Object.entries(evidence.metrics).map(([name, metric]) => [
    name,
    metric.from === 'users' ? { ...metric, block: emptyBlock } : metric,
  ]);
  return { ...evidence, metrics: Object.fromEntries(metrics), arrivals: { control: 0, canary: 0 } };
}

function addObservation(
  evidence: UserEvidence,
  { user, arm, values }: Observation,
  { metric, counted }: { readonly metric: WatchedMetric; readonly counted: CountedUsersEditor },
): UserEvidence {
  const raw = Object.hasOwn(values, metric.name) ? values[metric.name] : undefined;
  if (raw === undefined) return evidence;
  const value = metric.scale ? logScaled(raw, metric.scale) : raw;
  if (!(value >= 0 && value <= 1)) return { ...evidence, unusable: evidence.unusable + 1 };
  if (!counted.add(`${user} ${metric.name}`)) return evidence;
  const { block, complete } = addToBlock(evidence.block, arm, value);
  const next = {
    ...evidence,
    counted: { ...evidence.counted, [arm]: evidence.counted[arm] + 1 },
    block,
  };
  if (complete === null) return next;
  const { control, canary } = complete;
  return {
    ...next,
    blockSums: {
      control: evidence.blockSums.control + control,
      canary: evidence.blockSums.canary + canary,
    },
    difference: addMoment(evidence.difference, canary - control),
    harm: bet(evidence.harm, harmPayoff(control, canary, metric.tolerance)),
    nonInferiority: bet(
      evidence.nonInferiority,
      nonInferiorityPayoff(control, canary, metric.nonInferiority),
    ),
  };
}
