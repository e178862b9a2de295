import { asking, type Model } from './model.ts';

/**
 * The model, never asked more at once than it can serve: requests beyond that wait their turn. For models that several callers, or
 * one that asks several times at once, share.
 */
export function withConcurrency(model: Model): Model {
  let free = model.concurrency;
  const waiting: (() => void)[] = [];
  const turn = (): Promise<void> | undefined => {
    if (free === 0) return new Promise((resolve) => waiting.push(resolve));
    free -= 1;
    return undefined;
  };
  const pass = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return asking(model, async (request, signal) => {
    await turn();
    try {
      return await model.complete(request, signal);
    } finally {
      pass();
    }
  });
}
