import { valid } from 'semver';
import type { Interval } from '../../statistics/interval.ts';
import { wilsonInterval } from '../../statistics/wilson.ts';
import type { WholeCall } from '../join/whole-calls.ts';

/** How one version did in production by one metric. */
type VersionScore = {
  readonly version: string;
  /** Users that it was measured on; each counts once, by the mean of their calls. A call of nobody known is its own. */
  readonly users: number;
  readonly mean: number;
  readonly interval: Interval;
};

/** The versions of one prompt by one metric. */
export type VersionRanking = {
  readonly prompt: string;
  /** `success`, or the name of an evaluation with values from 0 to 1. */
  readonly metric: string;
  /** The highest mean first. */
  readonly versions: readonly VersionScore[];
  /** The version whose interval lies above those of all others; null where none does, or there is one version only. */
  readonly best: string | null;
};

/** Names come from outside and are shown: what else could stand in one is not wanted. */
const METRIC = /^[A-Za-z_][\w.-]{0,60}$/;

type Sum = { sum: number; n: number };
/** Values of one version by one metric. */
type Values = { readonly byUser: Map<string, Sum>; readonly ofNobody: Sum };

/** Collects what production says of versions. Users were not drawn by lot: what else differed between them is in the figures. */
export function rankVersions(): { add(call: WholeCall): void; list(): readonly VersionRanking[] } {
  const prompts = new Map<string, Map<string, Map<string, Values>>>();
  function add(prompt: string, metric: string, version: string, user: string | null, value: number): void {
    const metrics = getOrAdd(prompts, prompt, () => new Map());
    const versions = getOrAdd(metrics, metric, () => new Map());
    const { byUser, ofNobody } = getOrAdd(versions, version, () => ({
      byUser: new Map(),
      ofNobody: { sum: 0, n: 0 },
    }));
    const sum = user === null ? ofNobody : getOrAdd(byUser, user, () => ({ sum: 0, n: 0 }));
    sum.sum += value;
    sum.n += 1;
  }
  return {
    add({ call: { prompt, version, failed }, user, scores }) {
      if (prompt === null || version === null || valid(version) === null) return;
      add(prompt, 'success', version, user, failed ? 0 : 1);
      for (const [metric, value] of scores)
        if (METRIC.test(metric) && value >= 0 && value <= 1) add(prompt, metric, version, user, value);
    },
    list: () =>
      [...prompts].flatMap(([prompt, metrics]) =>
        [...metrics].map(([metric, versions]) => ranking(prompt, metric, [...versions].flatMap(scoreOf))),
      ),
  };
}

/** Wilson's interval; of values between 0 and 1 no spread is larger than that of 0 and 1. */
function scoreOf([version, { byUser, ofNobody }]: [string, Values]): VersionScore[] {
  const users = byUser.size + ofNobody.n;
  const total = byUser.values().reduce((all, { sum, n }) => all + sum / n, ofNobody.sum);
  const interval = wilsonInterval(total, users);
  return interval === null ? [] : [{ version, users, mean: total / users, interval }];
}

function ranking(prompt: string, metric: string, scores: readonly VersionScore[]): VersionRanking {
  const versions = scores.toSorted((a, b) => b.mean - a.mean || (a.version < b.version ? -1 : 1));
  const [first, ...others] = versions;
  const isBest =
    first && others.length > 0 && others.every(({ interval }) => interval[1] < first.interval[0]);
  return { prompt, metric, versions, best: isBest ? first.version : null };
}

function getOrAdd<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
