import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { carryOut, type Outside } from '../../src/commands/rollouts/carry-out.ts';
import { loadRollouts } from '../../src/commands/rollouts/state-files.ts';
import type { RolloutPlan } from '../../src/rollout/plan.ts';
import { initialState } from '../../src/rollout/state.ts';
import { remoteRepository, stateBranch } from '../host/remote-repository.ts';
import { play, prompt } from '../rollout/fixtures.ts';
import { startFileServer } from '../runtime/file-server.ts';
import { releasing, type Version } from '../runtime/fixtures.ts';
import { outsideOf } from './rolled-out.ts';

/** A repository without releases, and a web server that serves its state branch as it is at each request. */
export async function servedBranch(plan: RolloutPlan) {
  const repository = remoteRepository();
  const folder = repository.clone();
  const telemetry = path.join(folder, 'telemetry', 'data.json');
  mkdirSync(path.dirname(telemetry));
  const branch = await stateBranch(folder);
  const outside = { ...outsideOf(branch), plan };
  const server = await startFileServer(
    new Proxy<Record<string, string>>({}, { get: (_, file) => repository.show(String(file)) }),
  );
  return {
    folder,
    branch,
    outside,
    history: repository.history,
    /** What `watch` reads. */
    telemetry,
    manifest: `${server.address}/flags.json`,
    /** Begins the rollout of a version: its content, the state and what is served are one commit. */
    async release(version: Version, at: number, by: Outside = outside): Promise<void> {
      const before = await loadRollouts(branch);
      const event = { ...releasing(version), at: new Date(at).toISOString() };
      const moved = play([event], plan, before.states.get(prompt) ?? initialState(prompt));
      const { release, document } = version;
      const content = { path: `${release.ref}.json`, content: JSON.stringify(document) };
      await carryOut(by, before, [moved], new Map([[prompt, content]]));
    },
  };
}
