import { millisecondsOf } from '../../config/duration.ts';
import { inputError } from '../../errors.ts';
import { promptId } from '../../prompts/load.ts';
import { type Candidate, type Candidates, collectCandidates } from '../../telemetry/harvest/candidates.ts';
import { traceOf } from '../../telemetry/harvest/trace.ts';
import { rankVersions, type VersionRanking } from '../../telemetry/harvest/versions.ts';
import { createTally, type Irregularity } from '../../telemetry/irregularities.ts';
import { wholeCalls } from '../../telemetry/join/whole-calls.ts';
import type { TelemetrySource } from '../../telemetry/source.ts';
import type { Host } from '../context.ts';
import { sourcesOf } from '../telemetry-sources.ts';
import { selectPromptFiles, type Workspace } from '../workspace.ts';

/** What production did over a period. */
export type Production = {
  /** By family; families without a call are not in it. */
  readonly candidates: ReadonlyMap<string, readonly Candidate[]>;
  readonly rankings: readonly VersionRanking[];
  /** Calls of the prompts that were asked for. */
  readonly calls: number;
  /** Of these, calls whose texts the application did not record. */
  readonly withoutText: number;
  /** Calls with inputs beyond the number that is kept in memory. */
  readonly passedOver: number;
  readonly irregularities: readonly Irregularity[];
};

/** What a harvest reads, and of which prompts. */
type Reading = {
  readonly sources: readonly TelemetrySource[];
  /** Families by the ids of their prompts. */
  readonly known: ReadonlyMap<string, string>;
};

type Period = {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly now: number;
};

/**
 * What is to be read, before anything is.
 *
 * @param families names; all by default
 * @throws {PromptlineError} where no telemetry is configured, or a family does not exist
 */
export function planReading(
  workspace: Workspace,
  families: readonly string[],
  environment: Host['environment'],
): Reading {
  const sources = sourcesOf(workspace, environment);
  if (sources.length === 0)
    throw inputError('no telemetry is configured', 'Name it under `telemetry.sources`', {
      file: 'promptline.yaml',
    });
  return { sources, known: familiesByPrompt(workspace, families) };
}

/** Reads the calls of a period from the configured telemetry; calls of prompts that are not here are passed over. */
export async function readProduction(
  workspace: Workspace,
  { sources, known }: Reading,
  { since, now }: Period,
): Promise<Production> {
  const [tally, ranked, collected] = [createTally(), rankVersions(), new Map<string, Candidates>()];
  const window = millisecondsOf(workspace.configuration.telemetry.joinWindow);
  const { judge } = workspace.configuration.harvest;
  let [calls, withoutText] = [0, 0];
  for await (const whole of wholeCalls(sources, { since, now, window, details: true, tally })) {
    const family = known.get(whole.call.prompt ?? '');
    if (family === undefined) continue;
    calls += 1;
    ranked.add(whole);
    const trace = traceOf(whole, judge);
    if (trace === null) withoutText += 1;
    else {
      const candidates = collected.get(family) ?? collectCandidates();
      collected.set(family, candidates);
      candidates.add(trace);
    }
  }
  return {
    candidates: new Map([...collected].map(([family, candidates]) => [family, candidates.list()])),
    rankings: ranked.list(),
    ...{ calls, withoutText },
    passedOver: [...collected.values()].reduce((sum, candidates) => sum + candidates.passedOver(), 0),
    irregularities: tally.list(),
  };
}

function familiesByPrompt(workspace: Workspace, families: readonly string[]): ReadonlyMap<string, string> {
  const known = Object.keys(workspace.configuration.families);
  for (const family of families)
    if (!known.includes(family))
      throw inputError(`there is no family "${family}"`, `There are: ${known.join(', ')}`);
  const ids = selectPromptFiles(workspace, []).map((file) => promptId(workspace.root, file));
  const pairs = ids.map((id) => [id, id.slice(0, id.indexOf('/'))] as const);
  return new Map(pairs.filter(([, family]) => families.length === 0 || families.includes(family)));
}
