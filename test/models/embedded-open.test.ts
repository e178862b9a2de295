import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEmbedded } from '../../src/models/embedded/embedded.ts';
import { fakeMachine, tinyPins } from './embedded-fake-npm.ts';

let machine: ReturnType<typeof fakeMachine>;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => rmSync(machine.root, { recursive: true, force: true }));

function openReference(reference: string, autoPull = true) {
  const { cache, root, environment } = machine;
  return openEmbedded(reference, {
    cache,
    repositoryRoot: root,
    autoPull,
    pins: tinyPins,
    environment: environment('installs'),
  });
}

describe('opening a model by its reference', () => {
  test('refuses an unknown name and lists the known ones', async () => {
    await expect(openReference('embedded/gpt-99')).rejects.toMatchObject({
      kind: 'input',
      message: 'there is no embedded model "embedded/gpt-99"',
      hint: expect.stringContaining('embedded/tinyllama-1.1b-chat'),
    });
    await expect(openReference('gguf/')).rejects.toMatchObject({ kind: 'input' });
  });

  test('installs what is missing only when asked to', async () => {
    await expect(openReference('embedded/tinyllama-1.1b-chat', false)).rejects.toMatchObject({
      kind: 'input',
      hint: 'Run `promptline models pull`',
    });
    expect(machine.npmRuns()).toEqual([]);

    // The fake runtime starts and then refuses: the installation was made and imported.
    await expect(openReference('embedded/tinyllama-1.1b-chat')).rejects.toMatchObject({
      kind: 'outside',
      message: expect.stringContaining('no llama here'),
    });
    expect(machine.npmRuns()).toHaveLength(2);
  });

  test('needs only the runtime for a GGUF file of the user, relative to the repository or absolute', async () => {
    const file = path.join(machine.root, 'own.gguf');
    writeFileSync(file, 'GGUF own weights');
    for (const reference of ['gguf/own.gguf', `gguf/${file}`]) {
      await expect(openReference(reference)).rejects.toThrow('no llama here');
    }
    expect(machine.installed()).toEqual([tinyPins.runtime.folder]);
  });

  test('remembers the digest of a GGUF file until the file changes', async () => {
    const file = path.join(machine.root, 'own.gguf');
    const digests = () =>
      readdirSync(path.join(machine.cache, 'digests')).map(
        (name) => JSON.parse(readFileSync(path.join(machine.cache, 'digests', name), 'utf8')).sha256,
      );
    for (const content of ['GGUF one', 'GGUF the other']) {
      writeFileSync(file, content);
      await expect(openReference('gguf/own.gguf')).rejects.toThrow('no llama here');
      expect(digests()).toEqual([createHash('sha256').update(content).digest('hex')]);
    }
  });

  test('tells a missing file from one that is no GGUF file', async () => {
    await expect(openReference('gguf/missing.gguf')).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(/missing\.gguf does not exist$/),
    });
    for (const content of ['', 'GGU', 'PK\u0003\u0004 an archive']) {
      writeFileSync(path.join(machine.root, 'other.gguf'), content);
      await expect(openReference('gguf/other.gguf')).rejects.toMatchObject({
        kind: 'outside',
        message: expect.stringMatching(/other\.gguf is not a GGUF file$/),
      });
    }
  });
});
