import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { embeddedPins } from '../../src/models/embedded/packages.ts';
import { startProtocolServer } from '../protocol-server/server.ts';
import { contents, promptline, type Result, repository, testTexts } from './command-line.ts';

const labels = Object.fromEntries(testTexts.map((text, index) => [text, index % 2 === 0 ? 'good' : 'bad']));

/** A repository whose model answers, and what its server has seen. */
async function answering(script: Parameters<typeof startProtocolServer>[0] = {}) {
  const server = await startProtocolServer({ answers: { rule: 'labels', labels }, ...script });
  onTestFinished(() => server.close());
  const folder = repository({
    'promptline.yaml': (text) => text.replace('http://127.0.0.1:9', server.address),
  });
  return { folder, server };
}

function stored(folder: string): number {
  const database = new DatabaseSync(path.join(folder, '.promptline/answers.sqlite'));
  const row = database.prepare('SELECT count(*) AS n FROM answers').get();
  database.close();
  return Number(row?.['n']);
}

/** Names of files without those of the repository itself and the answer store. */
function written(folder: string): string[] {
  return Object.keys(contents(folder)).filter(
    (name) => !/^(data|prompts|promptline\.yaml|\.promptline\/answers)/.test(name),
  );
}

/** Exit code 3 and one line, after the lines of progress. */
function expectOutside({ code, stdout, stderr }: Result, line: RegExp): void {
  const lines = stderr.trimEnd().split('\n');
  const said = lines.filter((each) => !/^(mood\/default|embedded model) {2}/.test(each));
  expect(said).toEqual([expect.stringMatching(line)]);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
}

describe('a provider', () => {
  it.each(['evaluate', 'optimize'])(
    'that refuses connections ends %s: nothing was measured',
    async (command) => {
      const folder = repository();
      expectOutside(await promptline(folder, [command, '--calls', '60']), /^local\/echo: .*127\.0\.0\.1:9/);
      expect(written(folder)).toEqual([]);
    },
  );

  it('that refuses the key ends the run at once', async () => {
    const { folder, server } = await answering({ apiKey: 'right' });
    expectOutside(await promptline(folder, ['evaluate']), /^local\/echo: HTTP 401: .+apiKeyEnv/);
    expect(written(folder)).toEqual([]);
    expect(server.stats().answered).toBe(0);
  });

  it('that fails for one example is no score and no end', async () => {
    const { folder } = await answering({ failures: [{ kind: 'status', status: 400, contains: 'awful' }] });
    const { code, stdout } = await promptline(folder, ['evaluate', '--json']);
    const { failures, metrics } = JSON.parse(stdout).prompts[0];
    expect(failures).toEqual([{ example: 'test-2', error: expect.stringContaining('HTTP 400') }]);
    expect(metrics.accuracy).toMatchObject({ n: 3, missing: 1, mean: 1 });
    expect(code).toBe(0);
  });
});

describe('a budget that is reached', () => {
  it('ends the run with every paid answer on disk, and the next run goes on from there', async () => {
    const { folder, server } = await answering({ latencyMs: 200 });
    expectOutside(
      await promptline(folder, ['evaluate', '--calls', '3']),
      /^The budget of 3 calls is reached .+ Raise the limit and run the same command again/,
    );
    expect(server.stats().answered).toBe(3);
    expect(stored(folder)).toBe(3);
    const { code } = await promptline(folder, ['evaluate']);
    expect({ code, asked: server.stats().answered }).toEqual({ code: 0, asked: 4 });
  });
});

describe('the embedded model', () => {
  const { weights, runtime } = embeddedPins(process.platform, process.arch);
  const model = ['--model', 'embedded/tinyllama-1.1b-chat'];

  /** A repository and a PATH on which npm does what npm does without a network. */
  function offline() {
    const folder = repository();
    mkdirSync(path.join(folder, 'bin'));
    const npm = path.join(folder, 'bin/npm');
    writeFileSync(
      npm,
      `#!/bin/sh
echo 'npm error code ENOTFOUND' >&2
echo 'npm error network request to https://registry.invalid/x failed, reason: getaddrinfo ENOTFOUND registry.invalid' >&2
exit 1
`,
    );
    chmodSync(npm, 0o755);
    return { folder, environment: { PATH: `${path.dirname(npm)}:${process.env['PATH']}` } };
  }

  it.each([
    ['evaluate', ...model],
    ['optimize', ...model],
    ['models', 'pull'],
  ])('cannot be pulled without a network: %s %s', async (...args) => {
    const { folder, environment } = offline();
    expectOutside(
      await promptline(folder, args, { environment }),
      /^the runtime of the embedded model cannot be installed \(npm: network request to \S+ failed, .+\)\. Check that npm works/,
    );
    expect(written(folder)).toEqual(['bin/npm']);
  });

  it('whose weights are damaged is not used and not called verified', async () => {
    const { folder, environment } = offline();
    const file = path.join('cache/embedded', weights.folder, weights.file);
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    mkdirSync(path.join(folder, 'cache/embedded', runtime.folder));
    writeFileSync(path.join(folder, file), 'GGUF and nothing more');
    for (const args of [
      ['evaluate', ...model],
      ['models', 'pull'],
    ]) {
      expectOutside(
        await promptline(folder, args, { environment }),
        /tinyllama-1\.1b-chat\.gguf is damaged: its SHA-256 is .+\. Run `promptline models pull --force`\.$/,
      );
    }
    expect(written(folder).filter((name) => name.includes('runs'))).toEqual([]);
    const { stdout } = await promptline(folder, ['models', 'list', '--json']);
    expect(JSON.parse(stdout).models[0].verifiedAt).toBeNull();
  });
});

const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

describe('a disk that takes no more', () => {
  it('for answers: nothing stored is lost, and a rerun goes on from there', async () => {
    const { folder, server } = await answering();
    // 40 KiB hold the store's index and some of its log, not four answers.
    const result = await promptline(folder, ['evaluate', '--concurrency', '1'], { shell: 'ulimit -f 40' });
    expectOutside(
      result,
      /^The answer store \S.+\.promptline\/answers\.sqlite cannot .+run the same command again/,
    );
    expect(written(folder)).toEqual([]);
    const kept = stored(folder);
    const [, said] = /\((\d) by this run\)/.exec(result.stderr) ?? [];
    expect(kept).toBe(Number(said));
    const before = server.stats().answered;
    expect((await promptline(folder, ['evaluate'])).code).toBe(0);
    expect(server.stats().answered - before).toBe(testTexts.length - kept);
  });

  it('for results: the old ones stay whole and no temporary file', async () => {
    const { folder } = await answering();
    const args = ['evaluate', '--out', 'out'];
    expect((await promptline(folder, args)).code).toBe(0);
    const before = contents(path.join(folder, 'out'));
    const { code, stderr } = await promptline(folder, ['report', 'out'], { shell: 'ulimit -f 1' });
    expect(stderr).toMatch(
      /^\S.+report\.json cannot be written: the disk is full \(EFBIG\)\. Free some space .+\n$/,
    );
    expect(code).toBe(3);
    expect(contents(path.join(folder, 'out'))).toEqual(before);
  });

  it.skipIf(!canMount)(
    `a small file system, for results and for answers${canMount ? '' : ' (SKIPPED: this machine lets no test mount one)'}`,
    async () => {
      for (const [mounted, size, line] of [
        ['out', '8k', /out\/\S+ cannot be written: the disk is full \(ENOSPC\)\. Free some space/],
        ['.promptline', '64k', /answers\.sqlite cannot grow: the disk is full .+Free some space/],
      ] as const) {
        const { folder } = await answering();
        mkdirSync(path.join(folder, mounted));
        // In a mount namespace of its own; what lies on the small disk at the end is listed outside it.
        const inside = `mount -t tmpfs -o size=${size} none ${mounted}; "$@"; code=$?; ls -A ${mounted} > left; exit $code`;
        const result = await promptline(folder, ['evaluate', '--out', 'out', '--concurrency', '1'], {
          shell: `set -- -rm bash -c '${inside}' bash "$0" "$@"; set -- "$@"; exec unshare "$@"`,
        });
        expectOutside(result, line);
        expect(readFileSync(path.join(folder, 'left'), 'utf8')).not.toContain('.tmp');
      }
    },
  );
});

describe('a place for results that cannot be written', () => {
  it.each(['taken', 'taken/below'])('is named before anything is asked: --out %s', async (out) => {
    const { folder, server } = await answering();
    writeFileSync(path.join(folder, 'taken'), 'a file');
    const result = await promptline(folder, ['evaluate', '--out', out]);
    expectOutside(
      result,
      /taken\S* cannot be written: a file is where a folder is to be \(EEXIST\)\. Move it away or choose another with --out/,
    );
    expect(written(folder)).toEqual(['taken']);
    expect(server.stats().answered).toBe(0);
  });
});
