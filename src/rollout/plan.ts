import { millisecondsOf } from '../config/duration.ts';
import type { RolloutConfiguration } from '../config/rollout.ts';
import type { LogScale } from '../statistics/log-scale.ts';

export type Step = {
  /** Whole percent of users. */
  readonly percent: number;
  /** The least time at this step, in milliseconds. */
  readonly dwell: number;
  /** Canary users that each metric must have counted before the next step. */
  readonly leastUsers: number;
};

export type WatchedMetric = {
  readonly name: string;
  readonly from: 'users' | 'counters';
  /** Null where values are in [0, 1] and higher is better, as shares of calls are. */
  readonly scale: LogScale | null;
  /** Relative drops. */
  readonly tolerance: number;
  readonly target: number;
  readonly nonInferiority: number;
};

/** E at which to act. Reaching 1/alpha by chance has a chance of alpha at most; k metrics share alpha. */
type Thresholds = {
  /** Of one metric's evidence of harm, for k metrics together. */
  readonly hold: number;
  readonly revert: number;
  /** Of each metric's evidence of non-inferiority. All must reach it, so alpha needs no sharing. */
  readonly promote: number;
  readonly sampleRatio: number;
};

/** How versions are rolled out, in numbers. */
export type RolloutPlan = {
  readonly steps: readonly Step[];
  readonly metrics: readonly WatchedMetric[];
  readonly thresholds: Thresholds;
  readonly holdConfidence: number;
  readonly revertConfidence: number;
  /** Milliseconds without telemetry after which nothing is promoted. */
  readonly telemetryTimeout: number;
};

/** A sample ratio this far off has a broken assignment or lost telemetry behind it, hardly ever chance. */
const SAMPLE_RATIO_THRESHOLD = 1000;

const usualScales: Readonly<Record<string, LogScale>> = {
  latency: { best: 100, worst: 100_000 },
  cost: { best: 0.000_01, worst: 1 },
};

/** Whether a metric is what users' calls cost, which telemetry gives only with the prices of models. */
export function isCost({ name, from }: Pick<WatchedMetric, 'name' | 'from'>): boolean {
  return name === 'cost' && from === 'users';
}

/** The plan that a configuration describes. */
export function planOf(configuration: RolloutConfiguration): RolloutPlan {
  const { holdConfidence, revertConfidence, telemetryTimeout } = configuration;
  const metrics = Object.entries(configuration.metrics).map(([name, metric]) => ({
    name,
    from: metric.from,
    scale: metric.from === 'users' ? (metric.scale ?? usualScaleOf(name)) : null,
    tolerance: metric.tolerance ?? configuration.tolerance,
    target: metric.target ?? configuration.target,
    nonInferiority: metric.nonInferiority ?? configuration.nonInferiority,
  }));
  return {
    steps: configuration.steps.map((step) => ({ ...step, dwell: millisecondsOf(step.dwell) })),
    metrics,
    thresholds: {
      hold: metrics.length / (1 - holdConfidence),
      revert: metrics.length / (1 - revertConfidence),
      promote: 1 / (1 - revertConfidence),
      sampleRatio: SAMPLE_RATIO_THRESHOLD,
    },
    holdConfidence,
    revertConfidence,
    telemetryTimeout: millisecondsOf(telemetryTimeout),
  };
}

function usualScaleOf(name: string): LogScale | null {
  return (Object.hasOwn(usualScales, name) ? usualScales[name] : undefined) ?? null;
}

/** The step of a percentage; after a change of the plan, the nearest one below that is still in it. */
export function stepAt({ steps }: RolloutPlan, percent: number): Step | undefined {
  return steps.findLast((step) => step.percent <= percent) ?? steps[0];
}

/** The first percentage above; undefined at the end. */
export function nextPercent({ steps }: RolloutPlan, percent: number): number | undefined {
  return steps.find((step) => step.percent > percent)?.percent;
}
