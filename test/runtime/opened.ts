import { onTestFinished, vi } from 'vitest';
import { describeError, type PromptlineError } from '../../src/errors.ts';
import { openPrompts } from '../../src/runtime/open-prompts.ts';
import type { Prompts, PromptsOptions, PromptVariant } from '../../src/runtime/types.ts';
import { prompt } from '../rollout/fixtures.ts';

export type Opened = {
  readonly prompts: Prompts;
  /** What `onError` was told, in words. */
  readonly errors: string[];
  /** The version and the variant that a user gets. */
  given(user?: string): `${PromptVariant} ${string}`;
  /** Resolves when a user gets this. */
  until(expected: `${PromptVariant} ${string}`, user?: string): Promise<void>;
};

/** Opens prompts that are polled all the time, and closes them with the test. */
export async function opened(options: PromptsOptions): Promise<Opened> {
  const errors: string[] = [];
  const onError = (error: PromptlineError) => errors.push(describeError(error));
  const prompts = await openPrompts({ pollSeconds: 0.02, timeoutSeconds: 10, onError, ...options });
  onTestFinished(() => prompts.close());
  const given = (user?: string) => {
    const { variant, version } = prompts.for(prompt, { user, variables: { query: 'play some jazz' } });
    return `${variant} ${version}` as const;
  };
  return {
    prompts,
    errors,
    given,
    until: (expected, user) =>
      eventually(() => {
        if (given(user) !== expected) throw new Error(`${given(user)} is given, not ${expected}`);
      }),
  };
}

/** Waits until this does not throw any more, on a busy machine too. */
export async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 120_000, interval: 5 });
}
