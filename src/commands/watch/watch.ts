import { describeError, PromptlineError } from '../../errors.ts';
import { PermissionError } from '../../host/repository-host.ts';
import type { RolloutState } from '../../rollout/state.ts';
import type { Desk } from './desk.ts';
import { endsStep, type Happened, happenedSince } from './happened.ts';
import { isReady, type Look, type Looked, type Watcher } from './look.ts';

/** Time as a watch knows it. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early when the watch is stopped. */
  sleep(milliseconds: number): Promise<void>;
  /** Whether the watch was stopped, or its time is over. */
  isOver(): boolean;
};

export type WatchOptions = {
  /** One look, whatever it finds. */
  readonly once: boolean;
  /** To go on with the next step, and to wait for the next rollout. */
  readonly follow: boolean;
  /** Between looks, milliseconds. */
  readonly interval: number;
  readonly clock: Clock;
  readonly note: (line: string) => void;
  readonly onLook: (looked: readonly Looked[]) => void;
};

/** Why a watch ended. */
type WatchEnd = 'once' | 'step' | 'ready' | 'nothing under way' | 'taken over' | 'stopped';

export type WatchResult = {
  readonly end: WatchEnd;
  /** The newest last. */
  readonly happened: readonly Happened[];
  /** The watched rollouts as they were seen last. */
  readonly states: readonly RolloutState[];
  /** What failed outside and is tried again by the next watch. */
  readonly problems: readonly PromptlineError[];
  /** What is wrong with states that cannot be read, and whose rollouts were not watched. */
  readonly broken: readonly PromptlineError[];
};

/**
 * Looks at rollouts until a step of one ends, or as long as the clock says. What fails outside is said and tried again at the next look;
 * nothing is promoted meanwhile.
 *
 * @throws {PromptlineError} where the state must not be written; with `once`, whatever fails
 */
export async function runWatch(watcher: Watcher, desk: Desk, options: WatchOptions): Promise<WatchResult> {
  const { clock, once, follow, interval } = options;
  const seen = new Map<string, RolloutState>();
  const happened: Happened[] = [];
  let problems: readonly PromptlineError[] = [];
  let broken: readonly PromptlineError[] = [];
  let unpublished: readonly PromptlineError[] = [];
  let isReconciled = false;
  let end: WatchEnd | null = null;

  for (;;) {
    const look = await attemptLook(watcher, options);
    if (look?.interrupted === 'taken over') return result('taken over');
    // Whoever wrote first is read at once, so that a person's revert does not wait.
    if (look?.interrupted === 'lost the race') {
      remember(look);
      continue;
    }
    if (look) {
      options.onLook(look.looked);
      tellBroken(look);
      await publish(look);
      const news = follows(look);
      await keepRecords(look);
      if (once && !look.looked.some(({ reading }) => reading.more)) return leave('once');
      if (!follow) end ??= endAfter(look, news);
      // Whoever leaves tries nothing again, and users may still have what was taken back.
      if (end !== null && unpublished.length === 0) return leave(end);
      if (!clock.isOver() && look.looked.some(({ reading }) => reading.more)) continue;
    }
    if (!clock.isOver()) await clock.sleep(interval);
    if (clock.isOver()) return leave('stopped');
  }

  function endAfter({ looked }: Look, news: readonly Happened[]): WatchEnd | null {
    if (news.some(endsStep)) return 'step';
    if (looked.some(({ before, after }) => isReady(after) && !isReady(before))) return 'ready';
    return seen.size === 0 ? 'nothing under way' : null;
  }

  /** Takes note of the rollouts that are under way. */
  function remember({ looked }: Look): void {
    for (const { before } of looked) if (!seen.has(before.prompt)) seen.set(before.prompt, before);
  }

  /** Takes note of what became of the rollouts that were under way. */
  function follows(look: Look): readonly Happened[] {
    remember(look);
    const { rollouts } = look;
    const news = [...seen.values()].flatMap((before) => {
      const after = rollouts.states.get(before.prompt) ?? before;
      seen.set(before.prompt, after);
      return happenedSince(before, after);
    });
    happened.push(...news);
    return news;
  }

  /** Says which rollouts are not watched, once. */
  function tellBroken(look: Look): void {
    const before = new Set(broken.map(describeError));
    broken = look.broken;
    for (const text of broken.map(describeError)) if (!before.has(text)) options.note(text);
  }

  /** Says once what is not published, and tries that again at each look. */
  async function publish({ rollouts }: Look): Promise<void> {
    const before = new Set(unpublished.map(describeError));
    unpublished = await desk.publish(rollouts);
    for (const problem of new Set(unpublished.map(describeError)))
      if (!before.has(problem)) options.note(problem);
  }

  /** Says what failed, and tries again what an earlier run, or the last look, could not write down. */
  async function keepRecords({ rollouts, problems: found }: Look): Promise<void> {
    const isNeeded = !isReconciled || problems.length > 0;
    isReconciled = true;
    const before = new Set(problems.map(describeError));
    problems = isNeeded ? [...found, ...(await desk.reconcile(rollouts))] : found;
    for (const problem of new Set(problems.map(describeError)))
      if (!before.has(problem)) options.note(problem);
  }

  async function leave(why: WatchEnd): Promise<WatchResult> {
    try {
      await watcher.save();
    } catch (error) {
      // It is read again from where it was last written.
      options.note(describeError(error));
    }
    return result(why);
  }

  function result(why: WatchEnd): WatchResult {
    return {
      end: why,
      happened,
      states: [...seen.values()],
      problems: [...problems, ...unpublished],
      broken,
    };
  }
}

/** Null where the outside failed and another look may help. */
async function attemptLook(watcher: Watcher, { once, clock, note }: WatchOptions): Promise<Look | null> {
  try {
    return await watcher.look(clock.now());
  } catch (error) {
    const mayPass =
      error instanceof PromptlineError && error.kind === 'outside' && !(error instanceof PermissionError);
    if (once || !mayPass) throw error;
    note(describeError(error));
    return null;
  }
}
