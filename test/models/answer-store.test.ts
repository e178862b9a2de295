import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerKey, openAnswerStore, withStore } from '../../src/models/answer-store.ts';
import { storeError } from '../../src/models/answer-store-errors.ts';
import { ModelError } from '../../src/models/model.ts';
import { completion, fakeModel, request } from './fake-model.ts';

const WRITER = path.join(import.meta.dirname, 'answer-store-writer.ts');

/** Root may write anywhere, so the writer is somebody else then, if that somebody may read the checkout. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const canRunUnprivileged = spawnSync(process.execPath, ['--check', WRITER], unprivileged).status === 0;

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'promptline-store-'));
  file = path.join(folder, 'deep', 'answers.sqlite');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function startWriter(
  args: (string | number)[],
  limits = '',
): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const words = [process.execPath, WRITER, ...args].map((word) => `'${word}'`).join(' ');
  return spawn('/bin/sh', ['-c', `${limits} exec ${words}`], { stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('answerKey', () => {
  const base = {
    messages: [{ role: 'user', content: 'a' }],
    parameters: { temperature: 0, seed: 1 },
    repeat: 0,
  } as const;

  it('is the same for equal requests, whatever the order of their fields', () => {
    expect(
      answerKey('m', { repeat: 0, parameters: { seed: 1, temperature: 0 }, messages: base.messages }),
    ).toBe(answerKey('m', base));
    expect(answerKey('m', base)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['the model', 'other', base],
    ['a message', 'm', { ...base, messages: [{ role: 'user', content: 'b' }] }],
    ['a role', 'm', { ...base, messages: [{ role: 'system', content: 'a' }] }],
    ['a parameter', 'm', { ...base, parameters: { temperature: 0, seed: 2 } }],
    ['a parameter that is left out', 'm', { ...base, parameters: { temperature: 0 } }],
    ['the repeat', 'm', { ...base, repeat: 1 }],
  ] as const)('differs when %s differs', (_, identity, other) => {
    expect(answerKey(identity, other)).not.toBe(answerKey('m', base));
  });

  it('keeps message borders: moving text between messages is another request', () => {
    const split = (a: string, b: string) =>
      answerKey('m', {
        ...base,
        messages: [
          { role: 'user', content: a },
          { role: 'user', content: b },
        ],
      });
    expect(split('ab', 'c')).not.toBe(split('a', 'bc'));
  });
});

describe('an answer store', () => {
  it('gives back exactly what was stored, marked as cached, after it was opened again', () => {
    const anyText = fc.string({ unit: 'binary' });
    const anyCompletion = fc.record({
      text: anyText,
      inputTokens: fc.nat(),
      outputTokens: fc.nat(),
      usd: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
      latencyMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
      attempts: fc.integer({ min: 1, max: 20 }),
      finishReason: fc.constantFrom('stop', 'length', 'other'),
      cached: fc.constant(false),
    });
    fc.assert(
      fc.property(fc.uniqueArray(anyCompletion, { maxLength: 5 }), (completions) => {
        rmSync(file, { force: true });
        const writer = openAnswerStore(file);
        completions.forEach((each, index) => void writer.put(String(index), each as never, 'm'));
        writer.close();
        const reader = openAnswerStore(file);
        const read = completions.map((_, index) => reader.get(String(index)));
        reader.close();
        expect(read).toEqual(completions.map((each) => ({ ...each, cached: true })));
      }),
      { numRuns: 30 },
    );
  });

  it('keeps the first answer of a key and says so', async () => {
    const store = openAnswerStore(file);
    const puts = ['first', 'second'].map((text) => store.put('k', completion({ text }), 'm'));
    expect(await Promise.all(puts)).toEqual([true, false]);
    expect(await store.put('k', completion({ text: 'third' }), 'm')).toBe(false);
    expect(store.get('k')?.text).toBe('first');
    expect(store.get('other')).toBeUndefined();
    expect(store.stats).toEqual({ found: 1, missing: 1, stored: 1 });
    store.close();
  });

  it('loses no answer that was handed out when its process is killed', async () => {
    const child = startWriter([file, 0, 1_000_000]);
    let printed = '';
    for await (const chunk of child.stdout) {
      printed += chunk;
      if (printed.length > 2000) child.kill('SIGKILL');
    }
    const done = printed.split('\n').slice(0, -1);
    const store = openAnswerStore(file);
    const lost = done.filter((index) => !store.get(answerKey('writer', request(index))));
    store.close();
    expect(done.length).toBeGreaterThan(100);
    expect(lost).toEqual([]);
  });

  it('is safe for several processes that open one new file at once and write the same and other keys', async () => {
    const together = Date.now() + 1000;
    const children = [0, 100, 200, 250].map((first) => startWriter([file, first, 150, 10, together]));
    const results = await Promise.all(
      children.map(async (child) => [await text(child.stdout), child.exitCode]),
    );
    expect(results.map(([output]) => String(output).trim().split('\n').length)).toEqual([150, 150, 150, 150]);
    const store = openAnswerStore(file);
    const stored = Array.from({ length: 400 }, (_, index) =>
      store.get(answerKey('writer', request(String(index)))),
    );
    store.close();
    expect(stored.every((answer, index) => answer?.text.startsWith(`${index} `))).toBe(true);
  });

  it('says that the disk is full, what is saved, and how to go on', async () => {
    // Blocks of 512 bytes: no file may grow above 256 kB.
    const child = startWriter([file, 0, 5000, 2000], 'ulimit -f 512;');
    const output = (await text(child.stdout)).trim().split('\n');
    const message = output.pop() ?? '';
    expect(message).toMatch(/answers\.sqlite (cannot grow|cannot be read or written)/);
    expect(message).toContain(`(${output.length} by this run)`);
    expect(message).toContain('run the same command again');
    const store = openAnswerStore(file);
    const lost = output.filter((index) => !store.get(answerKey('writer', request(index))));
    store.close();
    expect(output.length).toBeGreaterThan(10);
    expect(lost).toEqual([]);
  });

  it.skipIf(!canRunUnprivileged)('says that the file is read-only', async () => {
    openAnswerStore(file).close();
    chmodSync(folder, 0o555);
    chmodSync(path.dirname(file), 0o555);
    chmodSync(file, 0o444);
    const child = spawn(process.execPath, [WRITER, file, '0', '1'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...unprivileged,
    });
    const output = await text(child.stdout);
    chmodSync(folder, 0o755);
    chmodSync(path.dirname(file), 0o755);
    expect(output).toMatch(/read-only|cannot be opened/);
    expect(output).toContain('Make the file and its folder readable and writable');
  });

  it('refuses a file that is no database', () => {
    const other = path.join(folder, 'notes.txt');
    writeFileSync(
      other,
      'these are my notes, and they are longer than a page header, which matters\n'.repeat(20),
    );
    expect(() => openAnswerStore(other)).toThrow(
      expect.objectContaining({ kind: 'input', hint: expect.stringMatching(/another file/) }),
    );
  });

  it('refuses the database of another program and leaves it as it is', () => {
    const other = path.join(folder, 'other.sqlite');
    new DatabaseSync(other).exec('CREATE TABLE mine (a)');
    copyFileSync(other, path.join(folder, 'copy'));
    expect(() => openAnswerStore(other)).toThrow(/another program/);
    const tables = new DatabaseSync(other).prepare('SELECT name FROM sqlite_schema').all();
    expect(tables.map((row) => row['name'])).toEqual(['mine']);
  });

  it('refuses a store of a newer version', () => {
    openAnswerStore(file).close();
    new DatabaseSync(file).exec('PRAGMA user_version = 2');
    expect(() => openAnswerStore(file)).toThrow(
      expect.objectContaining({ kind: 'input', hint: expect.stringMatching(/Update promptline/) }),
    );
  });

  it('refuses a store whose pages are damaged', () => {
    const store = openAnswerStore(file);
    void store.put('k', completion(), 'm');
    store.close();
    writeFileSync(file, 'damage'.repeat(4000), { flag: 'r+' });
    expect(() => openAnswerStore(file)).toThrow(expect.objectContaining({ kind: 'input', fatal: true }));
  });

  it('names the folder that cannot be made', () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect(() => openAnswerStore(path.join(folder, 'file', 'answers.sqlite'))).toThrow(
      expect.objectContaining({
        kind: 'outside',
        message: expect.stringMatching(/folder of the answer store/),
      }),
    );
  });
});

describe('a failure of the database', () => {
  it.each([
    [13, 'cannot grow: the disk is full', 'Free some space'],
    [8, 'it is read-only', 'readable and writable'],
    [1032, 'it is read-only', 'readable and writable'],
    [14, 'cannot be opened', 'readable and writable'],
    [778, 'cannot be read or written', 'readable and writable'],
    [5, 'stayed locked by another process', 'Wait for the other process'],
  ])('with code %i is explained, with what is saved', (errcode, message, hint) => {
    const error = storeError(Object.assign(new Error('from SQLite'), { errcode }), 'a.sqlite', 7);
    expect(error).toMatchObject({
      fatal: true,
      kind: 'outside',
      message: expect.stringContaining(message),
      hint: expect.stringMatching(`\\(7 by this run\\).*${hint}`),
    });
  });

  it('that is a mistake in the program stays what it is', () => {
    const mistake = new TypeError('bug');
    expect(storeError(mistake, 'a.sqlite', 0)).toBe(mistake);
  });
});

describe('a model behind the store', () => {
  it('asks once for each content, and again for a repeat', async () => {
    const store = openAnswerStore(file);
    const model = fakeModel((content) => completion({ text: `to ${content}` }));
    const stored = withStore(model, store);
    const first = await stored.complete(request('a'));
    const again = await stored.complete(request('a'));
    await stored.complete(request('a', 1));
    store.close();
    expect(first).toEqual(completion({ text: 'to a' }));
    expect(again).toEqual({ ...first, cached: true });
    expect(model.asked).toEqual(['a', 'a']);
  });

  it('asks once for requests of the same content that are under way together', async () => {
    const store = openAnswerStore(file);
    const model = fakeModel(async (content) => completion({ text: content }));
    const stored = withStore(model, store);
    const answers = await Promise.all(
      ['a', 'a', 'b', 'a'].map((content) => stored.complete(request(content))),
    );
    store.close();
    expect(model.asked).toEqual(['a', 'b']);
    expect(answers.map(({ cached }) => cached)).toEqual([false, true, false, true]);
  });

  it('stores no failure: the next request asks again', async () => {
    const store = openAnswerStore(file);
    let broken = true;
    const model = fakeModel((content) => {
      if (broken) throw new ModelError('broken', { fatal: false });
      return completion({ text: content });
    });
    const stored = withStore(model, store);
    await expect(stored.complete(request('a'))).rejects.toThrow('broken');
    broken = false;
    await expect(stored.complete(request('a'))).resolves.toMatchObject({ text: 'a' });
    store.close();
  });

  it('goes on for one caller when another that asked the same first gives up', async () => {
    const store = openAnswerStore(file);
    const model = fakeModel(async (content, signal) => {
      if (!signal) return completion({ text: content });
      await once(signal, 'abort');
      throw new ModelError('cancelled', { fatal: true });
    });
    const stored = withStore(model, store);
    const controller = new AbortController();
    const first = stored.complete(request('a'), controller.signal);
    const second = stored.complete(request('a'));
    controller.abort();
    await expect(first).rejects.toThrow('cancelled');
    await expect(second).resolves.toMatchObject({ text: 'a' });
    store.close();
  });

  it('returns the same text the first time and from the store, even when it is not well formed', async () => {
    const store = openAnswerStore(file);
    const stored = withStore(
      fakeModel(() => completion({ text: 'a\ud800b' })),
      store,
    );
    const first = await stored.complete(request('a'));
    const again = await stored.complete(request('a'));
    store.close();
    expect(first.text).toBe('a\ufffdb');
    expect(again.text).toBe(first.text);
  });

  it('fails for good when an answer cannot be kept', async () => {
    const store = openAnswerStore(file);
    const stored = withStore(
      fakeModel(() => {
        const vandal = new DatabaseSync(file);
        vandal.exec('DROP TABLE answers; CREATE TABLE answers (a)');
        vandal.close();
        return completion();
      }),
      store,
    );
    await expect(stored.complete(request('a'))).rejects.toThrow(ModelError);
    await expect(stored.complete(request('b'))).rejects.toMatchObject({ fatal: true });
    store.close();
  });
});
