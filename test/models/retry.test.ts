import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/models/model.ts';
import {
  errorMessage,
  type FailureReason,
  providerText,
  RequestFailure,
} from '../../src/models/request-failure.ts';
import { parseRetryAfter, type RetryPolicy, withRetries } from '../../src/models/retry.ts';

const policy: RetryPolicy = {
  tries: 4,
  timeoutMs: 1000,
  model: 'acme/m',
  address: 'http://acme.test/v1',
  apiKeyEnv: 'ACME_KEY',
};

/** Runs attempts that fail in the given way; the waits are recorded instead of waited. */
async function run(failures: RequestFailure[], { random = 0.5, tries = 4 } = {}) {
  const waits: number[] = [];
  let attempts = 0;
  const attempt = async () => {
    const failure = failures[Math.min(attempts, failures.length - 1)];
    attempts += 1;
    if (attempts <= failures.length && failure) throw failure;
    return 'answer';
  };
  const tools = { sleep: async (ms: number) => void waits.push(ms), random: () => random };
  const result = await withRetries(attempt, { ...policy, tries }, tools).then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error: error as ModelError }),
  );
  return { ...result, waits, attempts };
}

const status = (code: number, message = 'no', retryAfterMs?: number) =>
  new RequestFailure('status', message, { status: code, retryAfterMs });
const because = (reason: FailureReason) => new RequestFailure(reason, 'no');
const always = (failure: RequestFailure) => Array.from({ length: 30 }, () => failure);

describe('retries', () => {
  it.each([408, 409, 425, 429, 500, 502, 503, 504, 529])(
    'repeat status %i until it succeeds',
    async (code) => {
      const { value } = await run([status(code), status(code)]);
      expect(value).toEqual({ value: 'answer', attempts: 3 });
    },
  );

  it.each(['connection', 'timeout', 'invalid', 'unreachable'] as const)('repeat after %s', async (reason) => {
    expect((await run([because(reason)])).value).toEqual({ value: 'answer', attempts: 2 });
  });

  it.each([429, 500, 529])('end after the last try with an ordinary failure for status %i', async (code) => {
    const { error, attempts } = await run(always(status(code, 'busy')));
    expect(attempts).toBe(4);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({
      fatal: false,
      attempts: 4,
      message: `acme/m: HTTP ${code}: busy (4 attempts)`,
    });
  });

  it.each([
    [401, 'bad key', 'ACME_KEY'],
    [403, 'not allowed', 'ACME_KEY'],
    [402, 'pay', 'Add credit'],
    [404, 'no such model', "model's name"],
    [429, 'You exceeded your quota (insufficient_quota)', 'Add credit'],
    [400, 'Your credit balance is too low to access the API', 'Add credit'],
    [400, 'API key not valid. Please pass a valid API key.', 'ACME_KEY'],
  ])('do not happen when no request can succeed: %i %s', async (code, message, hint) => {
    const { error, attempts } = await run(always(status(code, message)));
    expect(attempts).toBe(1);
    expect(error).toMatchObject({ fatal: true, attempts: 1, hint: expect.stringContaining(hint) });
  });

  it.each([400, 413, 422, 418])(
    "do not happen for status %i, which is the example's own failure",
    async (code) => {
      const { error, attempts } = await run(always(status(code, 'too long')));
      expect(attempts).toBe(1);
      expect(error).toMatchObject({ fatal: false, message: `acme/m: HTTP ${code}: too long` });
    },
  );

  it.each([
    ['refused', false],
    ['unsupported', true],
  ] as const)('do not happen for what is %s', async (reason, fatal) => {
    const { error, attempts } = await run(always(because(reason)));
    expect({ attempts, fatal: error?.fatal }).toEqual({ attempts: 1, fatal });
  });

  it('give up soon and for good when nobody listens, naming the address, however many tries are allowed', async () => {
    for (const random of [0, 0.3, 0.999]) {
      const { error, waits } = await run(always(because('unreachable')), { random, tries: 20 });
      expect(error).toMatchObject({ fatal: true, hint: expect.stringContaining('http://acme.test/v1') });
      expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(10_000);
    }
  });

  it('wait for a random time below a bound that doubles up to 20 s', async () => {
    const { waits } = await run(always(status(500)), { random: 0.5, tries: 9 });
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    expect((await run(always(status(500)), { random: 0 })).waits).toEqual([0, 0, 0]);
  });

  it('wait as long as the server asks, up to a minute', async () => {
    const { waits } = await run([status(429, 'slow down', 7000), status(429, 'slow down', 3_600_000)]);
    expect(waits).toEqual([7000, 60_000]);
  });

  it('stop when the caller cancels, during a wait and before the first attempt', async () => {
    const controller = new AbortController();
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      throw status(500);
    };
    const tools = { sleep: async () => controller.abort(), random: () => 1 };
    await expect(withRetries(attempt, policy, tools, controller.signal)).rejects.toMatchObject({
      fatal: true,
      attempts: 1,
      message: 'The run was cancelled',
    });
    await expect(withRetries(attempt, policy, tools, controller.signal)).rejects.toMatchObject({
      attempts: 0,
    });
    expect(attempts).toBe(1);
  });

  it('pass on what is no failure of a request: a mistake in the program', async () => {
    const attempt = () => Promise.reject(new TypeError('bug'));
    await expect(withRetries(attempt, policy, { sleep: async () => {}, random: () => 0 })).rejects.toThrow(
      TypeError,
    );
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2024-05-01T10:00:00Z');

  it.each([
    ['3', 3000],
    ['0.5', 500],
    ['-4', 0],
    ['Wed, 01 May 2024 10:00:30 GMT', 30_000],
    ['Wed, 01 May 2024 09:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s is %s ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});

describe("a provider's text", () => {
  it('is one short line without control or direction characters, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        const shown = providerText(text);
        expect(Array.from(shown).length).toBeLessThanOrEqual(301);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
    expect(providerText('a\u202eb\u001b[31mc\r\nd')).toBe('a b [31mc d');
  });

  it('never shows the key', () => {
    expect(errorMessage('{"error": {"message": "bad key sk-123"}}', 'sk-123')).toBe('bad key [key]');
  });

  it.each([
    [
      '{"error": {"message": "Too much", "type": "t", "code": "insufficient_quota"}}',
      'Too much (insufficient_quota)',
    ],
    [
      '{"type": "error", "error": {"type": "overloaded_error", "message": "Busy"}}',
      'Busy (overloaded_error)',
    ],
    ['[{"error": {"code": 400, "message": "API key not valid", "status": "INVALID"}}]', 'API key not valid'],
    ['{"error": "model not found"}', 'model not found'],
    ['{"detail": "Not Found"}', 'Not Found'],
    ['{"odd": 1}', '{"odd": 1}'],
    ['<html><h1>502</h1> Bad gateway</html>', '502 Bad gateway'],
    ['', ''],
  ])('is found in %s', (body, message) => {
    expect(errorMessage(body)).toBe(message);
  });
});
