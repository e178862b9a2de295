import type { RolloutState } from '../../rollout/state.ts';
import type { Irregularity } from '../../telemetry/irregularities.ts';
import { terminalText } from '../hostile.ts';
import { countOf, formatCount } from '../numbers.ts';

/** Where a rollout stands, as one line for a terminal. */
export function describeRollout({ prompt, stable, canary, frozen, log }: RolloutState): string {
  const last = log.at(-1);
  if (canary === null) {
    const served = stable ? `${stable.version} is served to everybody` : 'nothing is served';
    const after =
      last?.what === 'reverted' ? `; ${last.version} was reverted: ${last.reasons.join('; ')}` : '';
    return terminalText(`${prompt}: ${served}${after}`, 600);
  }
  const { release, percent, decision } = canary;
  const why = decision ? `${decision.kind}: ${decision.reasons.join('; ')}` : 'nothing is known yet';
  const ice = frozen ? `; frozen by ${frozen.by}` : '';
  return terminalText(`${prompt} ${release.version} at ${percent} %${ice}: ${why}`, 900);
}

/** What was read, as one line: how much, of when, and what was wrong with it. */
export function describeTelemetry({
  signals,
  samples,
  window,
  irregularities,
}: {
  readonly signals: number;
  /** Of counters. */
  readonly samples: number;
  readonly window: { readonly from: string; readonly to: string } | null;
  readonly irregularities: readonly Irregularity[];
}): string {
  const amounts = [
    ...(signals > 0 || samples === 0 ? [countOf(signals, 'event')] : []),
    ...(samples > 0 ? [countOf(samples, 'sample')] : []),
  ];
  const read =
    window === null ? 'no telemetry' : `${amounts.join(' and ')} of ${window.from} to ${window.to}`;
  const wrong = irregularities.map(
    ({ kind, count, example }) => `${formatCount(count)} ${kind} (${terminalText(example, 120)})`,
  );
  return [read, ...wrong].join('; ');
}
