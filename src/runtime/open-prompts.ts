import { inputError, type PromptlineError } from '../errors.ts';
import { nearest } from '../files/nearest.ts';
import { isInCanary, targetingKeyOf } from '../rollout/assign.ts';
import { flagKey } from '../rollout/targeting.ts';
import { manifestAddress } from './address.ts';
import { type Pinned, pinnedPrompts } from './content.ts';
import { callbackOf, recordingOf } from './hooks.ts';
import { contentLoader } from './load-content.ts';
import { ManifestFollower } from './manifest-follower.ts';
import { poll } from './poll.ts';
import { type Assigned, byFallback, resolvedPrompt } from './resolved-prompt.ts';
import type { Served, Serving } from './serving.ts';
import type { Catalog, Prompts, PromptsOptions } from './types.ts';

/**
 * Prompts as the manifest serves them, kept up to date. Resolves when the manifest is read for the first time.
 *
 * A manifest that is broken or cannot be had changes nothing: what was served before still is, and where nothing ever was, `fallback`.
 * It rejects with a PromptlineError only when there is neither.
 *
 * @example
 * import pinned from './query.json' with { type: 'json' };
 *
 * const prompts = await openPrompts({ manifest: 'https://prompts.example.com/flags.json', fallback: [pinned] });
 * const prompt = prompts.for('query_processing/default', { user: session.userId, variables: { query } });
 * const { response } = await prompt.record(() => askModel(prompt.model, prompt.messages));
 *
 * @example <caption>Ids and variables checked by the compiler</caption>
 * const prompts = await openPrompts<{ 'query_processing/default': 'query' }>({ manifest: 'flags.json' });
 */
export async function openPrompts<Known extends Catalog = Catalog>(
  options: PromptsOptions,
): Promise<Prompts<Known>> {
  const { headers = {}, timeoutSeconds = 10, pollSeconds = 30, fallback = [] } = options;
  refuseNoTimes({ pollSeconds, timeoutSeconds });
  const address = manifestAddress(options.manifest);
  const pinned = pinnedPrompts(fallback);
  const closing = new AbortController();
  const recording = recordingOf(options);
  const follower = new ManifestFollower({
    address,
    headers,
    timeoutMs: timeoutSeconds * 1000,
    signal: closing.signal,
    load: contentLoader(options, address, closing.signal),
    pinned,
    onChange: callbackOf(options.onChange),
  });
  const problems = await follower.refresh();
  const [first] = problems;
  if (first && follower.serving.size === 0 && pinned.size === 0) throw first;
  report(problems);
  poll(async () => report(await follower.refresh()), pollSeconds, closing.signal);

  function report(found: readonly PromptlineError[]): void {
    // Closing ends requests that are under way.
    if (!closing.signal.aborted) for (const problem of found) recording.onError(problem);
  }

  return {
    for(id, request) {
      const key = request.user ? targetingKeyOf(request.user) : null;
      return resolvedPrompt(assignedTo(follower.serving, pinned, id, key), request, recording);
    },
    close: () => closing.abort(),
  };
}

/** A setting that is missing, as `Number(process.env.POLL)` gives it, would ask without a pause. */
function refuseNoTimes(times: Readonly<Record<string, number>>): void {
  for (const [name, seconds] of Object.entries(times))
    if (!(seconds > 0)) throw inputError(`${name} must be a number of seconds above 0, not ${seconds}`);
}

function assignedTo(
  serving: Serving,
  pinned: ReadonlyMap<string, Pinned>,
  id: string,
  targetingKey: string | null,
): Assigned {
  const served = serving.get(id);
  if (served) return { ...byRollout(id, served, targetingKey), id, targetingKey };
  const own = pinned.get(id);
  if (own) return { ...byFallback(own), id, targetingKey };
  const guess = nearest(id, [...serving.keys(), ...pinned.keys()]);
  throw inputError(
    `the prompt ${id} is not served`,
    guess ? `Did you mean "${guess}"?` : 'Release it, or give it among `fallback`',
  );
}

/** What flagd assigns by the same flag. */
function byRollout(id: string, { flag, stable, canary }: Served, targetingKey: string | null) {
  const { variants, targeting, metadata } = flag;
  const reason = targeting && targetingKey !== null ? 'split' : 'static';
  const common = { reason, generation: metadata.generation } as const;
  if (canary && variants.canary && targetingKey !== null && isInCanary(flagKey(id), flag, targetingKey))
    return { ...common, variant: 'canary', version: variants.canary.version, content: canary } as const;
  return { ...common, variant: 'stable', version: variants.stable.version, content: stable } as const;
}
