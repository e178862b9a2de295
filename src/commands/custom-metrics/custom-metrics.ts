import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { resolveInside } from '../../files/paths.ts';
import type { CustomScorer } from '../../metrics/definition.ts';
import { startProcess } from './process.ts';
import { readablePaths } from './readable-paths.ts';
import { customScorer, type ProcessScorer } from './scorer.ts';

export type CustomMetrics = {
  /** Metrics of one file share a process. Throws an input error for a path that leads out of the repository. */
  runCustom(file: string): CustomScorer;
  /** Ends every process; examples that are being scored fail. */
  close(): Promise<void>;
};

/**
 * Runs the code of a repository's custom metrics, each file in a process of its own. Nothing starts before the first score.
 *
 * The code comes from whoever may change the repository, which on a pull request is anybody, and must not get at the
 * secrets this process holds. Its process has no environment, and Node's permission model lets it read the repository
 * alone (see {@link readablePaths}) and neither write files nor start processes, workers, addons or an inspector. What
 * the model does not know is closed from inside before the code is loaded (see `runner.ts`): sending signals, because
 * one would open this process to a debugger, and the network. The network is closed as a guard against accidents and
 * not as a wall: Node 24 has no permission for it, and Node promises no safety from code that is bent on harm.
 */
export function openCustomMetrics(root: string): CustomMetrics {
  const scorers = new Map<string, ProcessScorer>();
  let readable: readonly string[] | undefined;
  const open = (shown: string, absolute: string): ProcessScorer =>
    customScorer(shown, (events) => {
      const repository = realpathSync(root);
      readable ??= readablePaths(repository);
      const code = pathToFileURL(realpathSync(absolute)).href;
      return startProcess({ repository, code, readable }, events);
    });
  return {
    runCustom(file) {
      const absolute = resolveInside(root, file);
      const scorer = scorers.get(absolute) ?? open(file, absolute);
      scorers.set(absolute, scorer);
      return scorer;
    },
    close: async () => void (await Promise.all([...scorers.values()].map((scorer) => scorer.close()))),
  };
}
