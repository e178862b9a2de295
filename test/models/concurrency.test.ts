import { describe, expect, it } from 'vitest';
import { withConcurrency } from '../../src/models/concurrency.ts';
import { ModelError } from '../../src/models/model.ts';
import { completion, fakeModel, request } from './fake-model.ts';

describe('a model that several share', () => {
  it('is never asked more at once than it can serve, answers all in their order, and goes on after a failure', async () => {
    let [open, most] = [0, 0];
    const model = fakeModel(async (content) => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      if (content === '2') throw new ModelError('busy', { fatal: false });
      return completion({ text: content });
    }, 3);
    const shared = withConcurrency(model);
    const wanted = Array.from({ length: 12 }, (_, index) => String(index));
    const answers = await Promise.allSettled(wanted.map((content) => shared.complete(request(content))));
    expect(answers.map((each) => (each.status === 'fulfilled' ? each.value.text : 'failed'))).toEqual(
      wanted.map((content) => (content === '2' ? 'failed' : content)),
    );
    expect(model.asked).toEqual(wanted);
    expect(most).toBe(3);
    // All turns were given back.
    most = 0;
    await Promise.all(['a', 'b', 'c', 'd'].map((content) => shared.complete(request(content))));
    expect(most).toBe(3);
  });
});
