/**
 * How fast the runtime says which version a user gets, against flagd-core on the same manifest and users, and what a thousand prompts
 * take in memory:
 *
 *   npm run bench:runtime
 *
 * One thread, by the processor's time, of which a busy machine takes little; the best of five rounds, ours and theirs by turns.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DefaultLogger } from '@openfeature/core';
import { FlagdCore } from '@openfeature/flagd-core';
import { promptDigest } from '../src/prompts/version.ts';
import { assign, targetingKeyOf } from '../src/rollout/assign.ts';
import { formatManifest, type Manifest } from '../src/rollout/manifest.ts';
import { targetingOf } from '../src/rollout/targeting.ts';
import { openPrompts } from '../src/runtime/open-prompts.ts';

const users = Array.from({ length: 100_000 }, (_, index) => `user ${index}`);
const keys = users.map(targetingKeyOf);
const variables = { query: 'play some jazz' };
const folder = mkdtempSync(path.join(tmpdir(), 'promptline-bench-'));

try {
  await speed();
  await memory();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function speed(): Promise<void> {
  const manifest = publish(1);
  const prompts = await openPrompts({ manifest: path.join(folder, 'flags.json') });
  const flagd = new FlagdCore(undefined, new DefaultLogger());
  flagd.setConfigurations(formatManifest(manifest));
  const core = 'flagd-core, the key given';
  const contestants: Record<string, (index: number) => unknown> = {
    [core]: (index) =>
      flagd.resolveObjectEvaluation('prompt.family/name-0', {}, { targetingKey: keys[index] ?? '' }),
    'flagd-core, the key hashed': (index) =>
      flagd.resolveObjectEvaluation(
        'prompt.family/name-0',
        {},
        { targetingKey: targetingKeyOf(users[index] ?? '') },
      ),
    'promptline: the version, the key hashed': (index) => assign(manifest, 'family/name-0', users[index]),
    'promptline: the filled prompt, the key hashed': (index) =>
      prompts.for('family/name-0', { user: users[index], variables }),
  };
  const best: Record<string, number> = {};
  for (let round = 0; round < 5; round++)
    for (const [name, resolve] of Object.entries(contestants))
      best[name] = Math.max(best[name] ?? 0, perSecond(resolve));
  prompts.close();
  console.log('| what | a second of one core | against flagd-core |');
  console.log('| --- | ---: | ---: |');
  for (const [name, rate] of Object.entries(best))
    console.log(`| ${name} | ${(rate / 1e6).toFixed(2)} M | ${(rate / (best[core] ?? 1)).toFixed(2)} |`);
}

function perSecond(resolve: (index: number) => unknown): number {
  const started = process.cpuUsage();
  for (let index = 0; index < users.length; index++) resolve(index);
  const { user, system } = process.cpuUsage(started);
  return (users.length / (user + system)) * 1e6;
}

async function memory(): Promise<void> {
  publish(1000);
  const before = usedHeap();
  const started = performance.now();
  const prompts = await openPrompts({ manifest: path.join(folder, 'flags.json') });
  const opened = performance.now() - started;
  const megabytes = (usedHeap() - before) / 1e6;
  prompts.for('family/name-999', { user: 'ada', variables });
  console.log(
    `\n1,000 prompts with a canary each, 2,000 contents of 4 kB: ${megabytes.toFixed(1)} MB, opened in ${opened.toFixed(0)} ms.`,
  );
  prompts.close();
}

/** Bytes, after everything that can be freed was. */
function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

/** Prompts of which each has a stable version and a canary for a quarter of the users. */
function publish(count: number): Manifest {
  const flags = Array.from({ length: count }, (_, index) => {
    const id = `family/name-${index}`;
    const flag: Manifest['flags'][string] = {
      state: 'ENABLED',
      variants: { stable: release(id, '1.0.0'), canary: release(id, '1.1.0') },
      defaultVariant: 'stable',
      targeting: targetingOf({ salt: '1.1.0-g2', percent: 25 }),
      metadata: { prompt: id, generation: 2 },
    };
    return [`prompt.${id}`, flag] as const;
  });
  const manifest = { $schema: 'https://flagd.dev/schema/v0/flags.json', flags: Object.fromEntries(flags) };
  writeFileSync(path.join(folder, 'flags.json'), formatManifest(manifest));
  return manifest;
}

function release(id: string, version: string) {
  const content = {
    model: 'openai/gpt-5-mini',
    parameters: { temperature: 0 },
    messages: [
      { role: 'system' as const, content: `${id} ${version} ${'Classify the intent. '.repeat(190)}` },
      { role: 'user' as const, content: 'Query: {{query}}' },
    ],
  };
  const [ref, sha256] = [`prompts/${id}@${version}`, promptDigest(content)];
  const file = path.join(folder, `${ref}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ id, version, digest: sha256, ...content }));
  return { ref, sha256, version };
}
