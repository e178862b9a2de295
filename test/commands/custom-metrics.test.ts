import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openCustomMetrics } from '../../src/commands/custom-metrics/custom-metrics.ts';
import { describeError } from '../../src/errors.ts';
import { scratchFolder } from '../files/scratch.ts';

/** Far more than any of these needs. */
const PLENTY = 20_000;

/** Score in a process of its own: `outcome(file, input)` is the result, or the line a person reads. */
function scoring(files: Record<string, string>, prepare: (root: string) => void = () => {}) {
  const root = scratchFolder(files);
  prepare(root);
  const metrics = openCustomMetrics(root);
  onTestFinished(() => metrics.close());
  const outcome = (file: string, input: unknown = {}, timeoutMs = PLENTY) =>
    metrics.runCustom(file).score(input, timeoutMs).catch(describeError);
  return { root, metrics, outcome };
}

const HINT =
  ' Mend the code; it has no network and no environment, starts no process and reads the repository alone.';

describe('the code of a custom metric', () => {
  it('is TypeScript with imports, given the input and gives its result', async () => {
    const { outcome } = scoring({
      'metrics/tone.ts': `import { share } from './lib/share.ts';
        import words from './words.json' with { type: 'json' };
        type Input = { output: string; options: { most: number } };
        export default ({ output, options }: Input): { value: number; feedback: string } =>
          ({ value: share(output, words) / options.most, feedback: \`\${output}!\` });`,
      'metrics/lib/share.ts': `export const share = (text: string, words: string[]): number =>
        words.filter((word) => text.includes(word)).length;`,
      'metrics/words.json': '["calm", "kind"]',
    });
    const input = { output: 'a calm\n line\u2028 and more', options: { most: 2 } };
    expect(await outcome('metrics/tone.ts', input)).toEqual({
      value: 0.5,
      feedback: 'a calm\n line\u2028 and more!',
    });
  });

  it('may be asynchronous, and answers many at once each with its own', async () => {
    const { outcome } = scoring({
      'wait.mjs': `export default async ({ n }) => {
        await new Promise((resolve) => setTimeout(resolve, (7 * n) % 5));
        return n / 100;
      };`,
    });
    const numbers = Array.from({ length: 100 }, (_, n) => n);
    expect(await Promise.all(numbers.map((n) => outcome('wait.mjs', { n })))).toEqual(
      numbers.map((n) => n / 100),
    );
  });

  it('runs in one process for a file, whatever the spelling of its path, and in another for another', async () => {
    const pid = 'export default () => process.pid;';
    const { outcome } = scoring({ 'a.mjs': pid, 'b.mjs': pid });
    const pids = await Promise.all(['a.mjs', './a.mjs', 'b.mjs'].map((file) => outcome(file)));
    expect(new Set([...pids, process.pid]).size).toBe(3);
    expect(pids[0]).toBe(pids[1]);
  });

  it('may print what it likes, also what looks like an answer', async () => {
    const { outcome } = scoring({
      'loud.mjs': `console.log('{"kind":"scored","id":1,"result":0}');
        export default () => { console.log('x'.repeat(100_000)); console.error('y'.repeat(100_000)); return 1; };`,
    });
    expect(await Promise.all([outcome('loud.mjs'), outcome('loud.mjs')])).toEqual([1, 1]);
  });

  it('may be given and give long texts', async () => {
    const { outcome } = scoring({
      'echo.mjs': 'export default ({ output }) => ({ value: 1, feedback: output });',
    });
    const output = 'long ü '.repeat(70_000);
    expect(await outcome('echo.mjs', { output })).toEqual({ value: 1, feedback: output });
  });

  it('that gives no number does not give null', async () => {
    const { outcome } = scoring({
      'odd.mjs': `export default ({ which }) => [NaN, Infinity, { value: NaN }, undefined][which];`,
    });
    expect(await Promise.all([0, 1, 2, 3].map((which) => outcome('odd.mjs', { which })))).toEqual([
      'NaN',
      'Infinity',
      { value: 'NaN' },
      undefined,
    ]);
  });
});

describe('a failure of the code', () => {
  it.each([
    [
      'an error',
      {
        'metrics/a.ts':
          'type T = { x: number };\n\nexport default (): number => {\n  throw new RangeError("too far");\n};',
      },
      'metrics/a.ts:4: RangeError: too far.',
    ],
    [
      'a rejection, in a file it imports',
      {
        'metrics/a.ts': 'import { f } from "../lib/with space.ts";\nexport default () => f();',
        'lib/with space.ts':
          '\nexport const f = async (): Promise<number> => {\n  throw new Error("deep");\n};',
      },
      'lib/with space.ts:3: Error: deep.',
    ],
    [
      'a thrown value',
      { 'metrics/a.ts': 'export default () => { throw "plain"; };' },
      'metrics/a.ts: threw plain.',
    ],
    [
      'an error while it is loaded',
      { 'metrics/a.ts': '\nthrow new Error("at once");\nexport default () => 1;' },
      'metrics/a.ts:2: Error: at once.',
    ],
    [
      'an export that is no function',
      { 'metrics/a.ts': 'export default 1;' },
      'metrics/a.ts: TypeError: the default export is not a function.',
    ],
    [
      'a result that JSON cannot hold',
      { 'metrics/a.ts': 'export default () => 1n;' },
      'metrics/a.ts: TypeError: Do not know how to serialize a BigInt.',
    ],
    [
      'hostile text',
      {
        'metrics/a.ts':
          'export default () => {\n  throw new Error("\\u001b[31ma\\n::error::b\\u0007" + "c".repeat(5000));\n};',
      },
      expect.stringMatching(
        /^metrics\/a\.ts:2: Error: a ⏎ : :error: :b␇c{1,300}… \(\d+ more characters\)\. Mend/,
      ),
    ],
  ])('is told with its place, on one line: %s', async (_, files, message) => {
    const { outcome } = scoring(files);
    expect(await outcome('metrics/a.ts')).toEqual(typeof message === 'string' ? message + HINT : message);
  });

  it('fails its own example and no other', async () => {
    const { outcome } = scoring({
      'a.mjs':
        'export default ({ n }) => {\n  if (n === 1) throw new Error("one");\n  return process.pid; };',
    });
    const [first, second, third] = await Promise.all([0, 1, 2].map((n) => outcome('a.mjs', { n })));
    expect(second).toBe(`a.mjs:2: Error: one.${HINT}`);
    expect(first).toBe(third);
  });
});

/** Scores 0.1 for each character and does `harm` for two; for more it does `before` first. */
const unless = (harm: string, before = '') =>
  `export default async ({ output }) => {
    if (output === 'xx') { ${harm} }
    if (output.length > 2) { ${before} }
    return output.length / 10;
  };`;

describe('the end of the process', () => {
  it.each([
    ['an endless loop', unless('for (;;);'), 1_000, 'a.mjs: took longer than 1 s.'],
    [
      'a promise that stays open',
      unless('await new Promise(() => {});'),
      1_000,
      'a.mjs: took longer than 1 s.',
    ],
    ['an exit', unless('process.exit(3);'), PLENTY, 'a.mjs: ended its process with exit code 3.'],
    [
      'memory without end',
      unless('for (const all = []; ; ) all.push(new Array(1000).fill(Math.random()));'),
      PLENTY,
      'a.mjs: ran out of memory (512 MB).',
    ],
    [
      'an error outside of any example',
      unless('queueMicrotask(() => { throw new Error("late"); }); await new Promise(() => {});'),
      PLENTY,
      'a.mjs:2: Error: late.',
    ],
    [
      'garbage among the answers',
      // Those that begin after it are still at work when the process is killed.
      `import fs from 'node:fs'; ${unless(
        'fs.writeSync(3, "garbage\\n"); await new Promise(() => {});',
        'await new Promise((resolve) => setTimeout(resolve, 200));',
      )}`,
      PLENTY,
      'a.mjs: its process sent what is no answer.',
    ],
    [
      'an answer too long to be one',
      unless('return { value: 1, feedback: "x".repeat(2_000_000) };'),
      PLENTY,
      'a.mjs: its process sent what is no answer.',
    ],
  ])('by %s fails the example that did it; the others are scored', async (_, code, timeoutMs, message) => {
    const { outcome } = scoring({ 'a.mjs': code });
    const outputs = ['x', 'xx', 'xxx', 'xxxx'];
    expect(await Promise.all(outputs.map((output) => outcome('a.mjs', { output }, timeoutMs)))).toEqual([
      0.1,
      message + HINT,
      0.3,
      0.4,
    ]);
    expect(await outcome('a.mjs', { output: 'xxxxx' })).toBe(0.5);
  });

  it('comes as soon as an answer is too long, also where that never ends', async () => {
    const { outcome } = scoring({
      'a.mjs': `import fs from 'node:fs';
        export default () => { fs.writeSync(3, 'x'.repeat(2_000_000)); return new Promise(() => {}); };`,
    });
    expect(await outcome('a.mjs', {}, 5_000)).toBe(`a.mjs: its process sent what is no answer.${HINT}`);
  });

  it('names what befell an example that was only caught in it', async () => {
    const { outcome } = scoring({
      'a.mjs': `export default async ({ n }) => { await new Promise((resolve) => setTimeout(resolve, 10)); if (n === 1) for (;;); await new Promise(() => {}); };`,
    });
    const [caught, guilty] = await Promise.all([outcome('a.mjs', { n: 0 }), outcome('a.mjs', { n: 1 }, 500)]);
    expect(guilty).toBe(`a.mjs: took longer than 0.5 s.${HINT}`);
    expect(caught).toBe(
      `a.mjs: its process was ended, because another example took longer than 0.5 s.${HINT}`,
    );
  });

  it('while it loads the code fails what waits', async () => {
    const { outcome } = scoring({
      'a.mjs': 'for (;;);\nexport default () => 1;',
      'b.mjs': 'process.exit(4);\nexport default () => 1;',
    });
    expect(await outcome('a.mjs', {}, 500)).toBe(`a.mjs: took longer than 0.5 s to load.${HINT}`);
    expect(await Promise.all([outcome('b.mjs'), outcome('b.mjs')])).toEqual([
      `b.mjs: ended its process with exit code 4.${HINT}`,
      `b.mjs: ended its process with exit code 4.${HINT}`,
    ]);
  });

  it('is not the end of a time that all examples share', async () => {
    const { outcome } = scoring({
      'a.mjs': unless('', 'await new Promise((resolve) => setTimeout(resolve, 300));'),
    });
    const scores: unknown[] = [];
    for (let n = 0; n < 6; n++) scores.push(await outcome('a.mjs', { output: 'xxx' }, 1_500));
    expect(scores).toEqual(Array(6).fill(0.3));
  });

  it('is made good five times, then every example fails for good and nothing is started', async () => {
    const { outcome, metrics } = scoring({ 'a.mjs': unless('process.exit(3);') });
    const bad = { output: 'xx' };
    for (let end = 0; end < 6; end++) {
      expect(await outcome('a.mjs', bad)).toBe(`a.mjs: ended its process with exit code 3.${HINT}`);
    }
    const fatal = `a.mjs: its process ended 6 times and is not started again; the last time: ended its process with exit code 3.${HINT}`;
    expect(await outcome('a.mjs', bad)).toBe(fatal);
    await expect(metrics.runCustom('a.mjs').score({ output: 'x' }, PLENTY)).rejects.toMatchObject({
      name: 'FatalMetricError',
      kind: 'input',
    });
  });

  it('by close fails what is being scored, and nothing is started after it', async () => {
    const { outcome, metrics } = scoring({ 'a.mjs': unless('await new Promise(() => {});') });
    await outcome('a.mjs', { output: 'x' });
    const waiting = outcome('a.mjs', { output: 'xx' });
    await metrics.close();
    expect(await waiting).toBe(`a.mjs: was stopped, because the run ended.${HINT}`);
    expect(await outcome('a.mjs', { output: 'x' })).toBe('the run is over, and a.mjs scores nothing more');
  });
});

describe('the process of a custom metric', () => {
  beforeEach(() => {
    process.env['PROMPTLINE_TEST_SECRET'] = 'sesame';
  });
  afterEach(() => {
    delete process.env['PROMPTLINE_TEST_SECRET'];
  });

  /** What an expression in the code gives, as text. */
  async function inside(
    expression: string,
    files: Record<string, string> = {},
    prepare?: (root: string) => void,
  ): Promise<unknown> {
    const code = `import fs from 'node:fs';\nimport { createRequire } from 'node:module';
export default async ({ root, parent }) => ({ got: String(await (${expression})) });`;
    const { outcome, root } = scoring({ 'metrics/a.mjs': code, ...files }, prepare);
    return outcome('metrics/a.mjs', { root, parent: process.pid });
  }

  it('has no environment', async () => {
    expect(await inside('JSON.stringify(process.env)')).toEqual({ got: '{}' });
    expect(await inside('process.report.getReport().environmentVariables.PROMPTLINE_TEST_SECRET')).toEqual({
      got: 'undefined',
    });
  });

  it('reads files of the repository, by absolute and by relative paths', async () => {
    const files = { 'data/a b, c.txt': 'words' };
    expect(await inside("fs.readFileSync(root + '/data/a b, c.txt', 'utf8')", files)).toEqual({
      got: 'words',
    });
    expect(await inside("fs.readFileSync('data/a b, c.txt', 'utf8')", files)).toEqual({ got: 'words' });
    expect(await inside("fs.readdirSync('data')", files)).toEqual({ got: 'a b, c.txt' });
  });

  it.each([
    ['/etc/passwd', '"/etc/passwd"'],
    ['the environment of this process', "'/proc/' + parent + '/environ'"],
    ['Git', '".git/config"'],
    ['a Git folder further down', '"sub/.git/config"'],
    ['stored answers', '".promptline/answers.sqlite"'],
    ['keys', '".env"'],
    ['keys of a stage', '".env.production"'],
    ['keys further down', '"sub/.env"'],
    ['keys by a detour', '"sub/../.env"'],
    ['a link to a file outside', '"link"'],
    ['a file through a link to a folder', "'sub/proc/' + parent + '/environ'"],
    ['a link to keys', '"sub/keys"'],
  ])('reads nothing of %s', async (_, file) => {
    const secrets = [
      '.git/config',
      'sub/.git/config',
      '.promptline/answers.sqlite',
      '.env',
      '.env.production',
      'sub/.env',
    ];
    const files = Object.fromEntries(secrets.map((name) => [name, 'sesame']));
    const outcome = await inside(
      `fs.readFileSync(${file}, 'utf8')`,
      { ...files, 'sub/a.txt': '' },
      (root) => {
        symlinkSync('/etc/passwd', path.join(root, 'link'));
        symlinkSync('/proc', path.join(root, 'sub/proc'));
        symlinkSync('../.env', path.join(root, 'sub/keys'));
      },
    );
    expect(outcome).toMatch(/^metrics\/a\.mjs:3: Error: FileSystemRead is refused: /);
  });

  it('takes no name in the repository for a wildcard', async () => {
    const files = { '*': '', '.env': 'sesame' };
    expect(await inside("fs.readFileSync('.env', 'utf8')", files)).toMatch(/FileSystemRead is refused/);
  });

  it.each([
    ['a new file', "fs.writeFileSync('new.txt', 'x')", 'FileSystemWrite is refused'],
    ['its own code', "fs.appendFileSync('metrics/a.mjs', '//')", 'FileSystemWrite is refused'],
    ['a database', "import('node:sqlite')", 'No such built-in module: node:sqlite'],
    ['a trace of V8', "import('node:v8')", 'node:v8 is closed to custom metrics'],
  ])('writes no file: %s', async (_, expression, message) => {
    expect(await inside(expression)).toContain(message);
  });

  it.each([
    ['spawn', "import('node:child_process')", 'node:child_process is closed to custom metrics'],
    ['execve', "process.execve('/bin/true', ['true'], {})", 'ChildProcess is refused'],
    [
      'a worker',
      "import('node:worker_threads').then((it) => new it.Worker('1', { eval: true }))",
      'WorkerThreads is refused',
    ],
    ['an inspector', "import('node:inspector').then((it) => it.open(0))", 'Inspector is refused'],
    [
      'a signal, which could open a debugger',
      "process.kill(parent, 'SIGUSR1')",
      'kill is closed to custom metrics',
    ],
    ['the signal behind it', 'process._kill(parent, 10)', '_kill is closed to custom metrics'],
    ['a debugger', 'process._debugProcess(parent)', '_debugProcess is closed to custom metrics'],
    [
      'a signal function put back',
      "Object.defineProperty(process, 'kill', { value: 1 })",
      'Cannot redefine property: kill',
    ],
  ])('reaches no other process: %s', async (_, expression, message) => {
    expect(await inside(expression)).toContain(message);
  });

  it.each([
    ['fetch', "fetch('http://127.0.0.1:9')", 'fetch is closed'],
    ['a socket of the web', "new WebSocket('ws://127.0.0.1:9')", 'WebSocket is closed'],
    ['an import', "import('node:net')", 'node:net is closed'],
    ['an import without a scheme', "import('https')", 'https is closed'],
    ['a lookup of names', "import('node:dns/promises')", 'node:dns/promises is closed'],
    ['a require', "createRequire(root + '/x.js')('http')", 'http is closed'],
    ['a built-in module', "process.getBuiltinModule('node:tls')", 'node:tls is closed'],
  ])('is kept from the network by accident: %s', async (_, expression, message) => {
    expect(await inside(expression)).toContain(`${message} to custom metrics`);
  });

  it('still has the built-in modules that are not closed', async () => {
    expect(await inside("process.getBuiltinModule('node:path').basename('/a/b')")).toEqual({ got: 'b' });
  });
});

describe.skipIf(process.platform === 'win32')('the process of a metric', () => {
  /** A program of its own that scores with `code`; `then` runs after it has printed the first score, the metric's process id. */
  async function startProgram(code: string, then: string) {
    const root = scratchFolder({ 'a.mjs': code });
    const module = path.resolve(import.meta.dirname, '../../src/commands/custom-metrics/custom-metrics.ts');
    const program = `import { openCustomMetrics } from ${JSON.stringify(module)};
      const metrics = openCustomMetrics(${JSON.stringify(root)});
      const score = (input) => metrics.runCustom('a.mjs').score(input, 60_000);
      console.log(await score({}));
      ${then}`;
    const started = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    onTestFinished(() => void started.kill('SIGKILL'));
    const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
    const nextLine = async () => (await lines.next()).value;
    return { program: started, pid: Number(await nextLine()), nextLine };
  }

  it.each([
    ['waits', 'setInterval(() => {}, 1000);'],
    ['loops without end', 'for (;;);'],
  ])('ends when the run is killed, also where its code %s', async (_, afterwards) => {
    const code = `export default () => { setImmediate(() => { ${afterwards} }); return process.pid; };`;
    const { program, pid } = await startProgram(code, 'setInterval(() => {}, 1000);');
    expect(isRunning(pid)).toBe(true);
    program.kill('SIGKILL');
    await once(program, 'exit');
    await expect.poll(() => isRunning(pid), { timeout: PLENTY }).toBe(false);
  });

  it('lives through a Ctrl-C, so that the run can end in order', async () => {
    const { program, pid, nextLine } = await startProgram(
      'export default () => process.pid;',
      `process.on('SIGINT', async () => { console.log(await score({})); await metrics.close(); });
       console.log('ready');
       const alive = setInterval(() => {}, 1000);
       process.on('SIGINT', () => clearInterval(alive));`,
    );
    expect(await nextLine()).toBe('ready');
    process.kill(-Number(program.pid), 'SIGINT');
    expect(await nextLine()).toBe(String(pid));
    await expect.poll(() => program.exitCode, { timeout: PLENTY }).toBe(0);
    expect(isRunning(pid)).toBe(false);
  });
});

/** Not one that only waits for its status to be read: who reads it is not ours to say. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}
