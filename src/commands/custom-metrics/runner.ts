import type { writeSync as WriteSync } from 'node:fs';
import type { registerHooks as RegisterHooks } from 'node:module';
import type { CodeFailure, ProcessMessage, ScoreRequest } from './protocol.ts';

export type RunnerSettings = {
  /** URL of the metric's file. */
  readonly code: string;
  /** URL of the repository, without a slash at its end. */
  readonly repository: string;
  /** The descriptor answers are written to. */
  readonly answers: number;
};

type Outside = {
  readonly writeSync: typeof WriteSync;
  readonly registerHooks: typeof RegisterHooks;
  /** URL of the program itself. */
  readonly self: string;
  readonly load: (url: string) => Promise<{ readonly default?: unknown }>;
};

/** The program of a custom metric's process, for `node --input-type=module --eval`. */
export function runnerSource(settings: RunnerSettings): string {
  return `import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
(${run})({ writeSync, registerHooks, self: import.meta.url, load: (url) => import(url) }, ${JSON.stringify(settings)});`;
}

/**
 * Loads a metric's code and scores what arrives on standard input, until that closes. Handed over as its own text, so that the bundle
 * needs no file beside it: it must use nothing of this module.
 */
function run(
  { writeSync, registerHooks, self, load }: Outside,
  { code, repository, answers }: RunnerSettings,
): void {
  const closedModules = [
    ...['net', 'tls', 'dgram', 'dns', 'dns/promises', 'http', 'http2', 'https'],
    // Its flags make V8 write files.
    'v8',
    // It starts nothing here, but a handle that never started something still sends signals.
    'child_process',
  ];
  const exit = process.exit.bind(process);
  process.on('uncaughtException', (error) => {
    tell({ kind: 'crashed', failure: describe(error) });
    exit(1);
  });
  closeDoors();
  tell({ kind: 'loading' });
  const score = loadScore();
  score.then(begin, begin);

  function begin(): void {
    tell({ kind: 'ready' });
    readRequests();
  }

  async function loadScore(): Promise<(input: unknown) => unknown> {
    const { default: exported } = await load(code);
    if (typeof exported !== 'function') throw new TypeError('the default export is not a function');
    return (input) => exported(input);
  }

  // Not by readline, which also breaks lines where a text holds U+2028.
  function readRequests(): void {
    let rest = '';
    process.stdin.setEncoding('utf8');
    process.stdin.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      // One after another as far as the code does not wait, so that what it does to the process befalls one example.
      for (const line of lines) setImmediate(() => void answer(JSON.parse(line)));
    });
    process.stdin.on('end', () => exit(0));
  }

  async function answer({ id, input }: ScoreRequest): Promise<void> {
    try {
      const call = await score;
      tell({ kind: 'begun', id });
      tell({ kind: 'scored', id, result: await call(input) });
    } catch (error) {
      tell({ kind: 'failed', id, failure: describe(error) });
    }
  }

  function tell(message: ProcessMessage): void {
    // JSON would make null of NaN, and null is a score's right to be absent.
    const text = JSON.stringify(message, (_, value) =>
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    );
    const bytes = Buffer.from(`${text}\n`);
    for (let written = 0; written < bytes.length; ) written += writeSync(answers, bytes, written);
  }

  function describe(error: unknown): CodeFailure {
    if (!(error instanceof Error)) return { message: `threw ${String(error).slice(0, 1000)}` };
    const message = `${error.name}: ${deniedBy(error) ?? error.message}`.slice(0, 1000);
    for (const [, url = '', line] of `${error.stack}`.matchAll(/(file:\/\/[^\s)]+?):(\d+)/g)) {
      if (!url.startsWith(`${repository}/`) || url === self) continue;
      return { message, file: decodeURIComponent(url.slice(repository.length + 1)), line: Number(line) };
    }
    return { message };
  }

  /** Node's own words advise flags nobody can set here. */
  function deniedBy(error: Error): string | null {
    if (!('code' in error && error.code === 'ERR_ACCESS_DENIED' && 'permission' in error)) return null;
    return `${error.permission} is refused${'resource' in error && error.resource ? `: ${error.resource}` : ''}`;
  }

  function closeDoors(): void {
    const isClosed = (name: string) => closedModules.includes(name.replace(/^node:/, ''));
    registerHooks({
      resolve: (specifier, context, next) =>
        isClosed(specifier) ? refuse(specifier) : next(specifier, context),
    });
    const { getBuiltinModule } = process;
    seal(process, 'getBuiltinModule', (name: string) =>
      isClosed(name) ? refuse(name) : getBuiltinModule(name),
    );
    for (const name of ['kill', '_kill', '_debugProcess']) closeMember(process, name);
    for (const name of ['fetch', 'WebSocket', 'EventSource']) closeMember(globalThis, name);
  }

  function closeMember(owner: object, name: string): void {
    // Not an arrow function: some of them are called with `new`.
    seal(owner, name, function closed() {
      refuse(name);
    });
  }

  function seal(owner: object, name: string, value: unknown): void {
    Object.defineProperty(owner, name, { value, writable: false, configurable: false });
  }

  function refuse(name: string): never {
    throw new Error(`${name} is closed to custom metrics`);
  }
}
