/**
 * Builds dist/: TypeScript to lib/, ncc from lib/bundle.js to one ES module with its licences, the two doors beside it, and what
 * applications import, by itself and with its types. `--check` builds into a temporary folder and fails when dist/ is not byte for
 * byte the same, or too large.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { minify } from 'terser';
import { thirdPartyLicenses } from './third-party-licenses.ts';

const root = path.resolve(import.meta.dirname, '..');
const doors = ['cli.js', 'action.js'];
/** Bytes of code: every job downloads the whole of it. */
const largest = 4_000_000;

function run(command: string, args: string[]): void {
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function build(folder: string): Promise<void> {
  rmSync(path.join(root, 'lib'), { recursive: true, force: true });
  run('tsc', ['-p', 'tsconfig.build.json']);
  rmSync(folder, { recursive: true, force: true });
  const stats = [bundle('lib/bundle.js', folder)];
  const code = readFileSync(path.join(folder, 'index.js'), 'utf8');
  writeFileSync(path.join(folder, 'bundle.js'), withoutSecondParser(code));
  rmSync(path.join(folder, 'index.js'));
  for (const door of doors) cpSync(path.join(root, 'lib', door), path.join(folder, door));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }\n');
  stats.push(buildRuntime(folder));
  writeFileSync(path.join(folder, 'licenses.txt'), `${thirdPartyLicenses(stats.join(), root)}\n`);
  await minifyCode(folder);
}

/**
 * undici brings its parser twice, in WebAssembly with SIMD and without: 65 kB that Node 24 never loads on a processor of the last fifteen
 * years. Throws where it is no more, so that this goes with it.
 */
function withoutSecondParser(code: string): string {
  const file = path.join(root, 'node_modules/undici/lib/llhttp/llhttp-wasm.js');
  const [, parser = ''] = /Buffer\.from\('([A-Za-z0-9+/=]{10000,})'/.exec(readFileSync(file, 'utf8')) ?? [];
  const parts = code.split(`'${parser}'`);
  if (parts.length !== 2) throw new Error('the bundle has no second parser of undici: look at this again');
  return parts.join("''");
}

/** ncc minifies the entry alone, and only its names. Classes keep theirs, which errors show. Licences stand in licenses.txt. */
async function minifyCode(folder: string): Promise<void> {
  const isDoor = (name: string) => doors.includes(name);
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.js') && !isDoor(each))) {
    const file = path.join(folder, name);
    const { code = '' } = await minify(readFileSync(file, 'utf8'), {
      module: true,
      compress: { keep_classnames: true },
      mangle: { keep_classnames: true },
      format: { comments: false },
    });
    writeFileSync(file, code);
  }
}

/** OpenTelemetry's API stays outside: it must be the application's own. */
function buildRuntime(folder: string): string {
  const out = path.join(root, 'lib', 'runtime-bundle');
  const stats = bundle('lib/runtime/runtime.js', out, ['--external', '@opentelemetry/api']);
  cpSync(path.join(out, 'index.js'), path.join(folder, 'runtime.js'));
  run('tsc', ['-p', 'tsconfig.runtime.json']);
  copyDeclarations('runtime/runtime', path.join(folder, 'types'), new Set());
  return stats;
}

/** Bundles into `index.js`, and gives ncc's statistics, which name all modules. */
function bundle(entry: string, out: string, options: readonly string[] = []): string {
  const stats = path.join(root, 'lib', 'stats.json');
  run('ncc', ['build', entry, '--out', out, '--target', 'es2024', '--stats-out', stats, ...options]);
  return readFileSync(stats, 'utf8');
}

/** The declarations that a module's own reach, and no others, with the endings that every version of TypeScript reads. */
function copyDeclarations(module: string, to: string, copied: Set<string>): void {
  if (copied.has(module)) return;
  copied.add(module);
  const text = readFileSync(path.join(root, 'lib', 'types', `${module}.d.ts`), 'utf8');
  const imported = text.replaceAll(/from '(\.{1,2}\/[^']+)\.ts'/g, (_, target: string) => {
    copyDeclarations(path.posix.join(path.posix.dirname(module), target), to, copied);
    return `from '${target}.js'`;
  });
  const file = path.join(to, `${module}.d.ts`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, imported);
}

function differences(a: string, b: string): string[] {
  const names = new Set(
    [a, b].flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' })),
  );
  return [...names].filter((name) => contents(a, name) !== contents(b, name));
}

/** Bytes of the code in a folder. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
}

function contents(folder: string, name: string): string | null {
  try {
    return readFileSync(path.join(folder, name), 'latin1');
  } catch {
    return null;
  }
}

const dist = path.join(root, 'dist');
if (process.argv.includes('--check')) {
  const fresh = mkdtempSync(path.join(tmpdir(), 'promptline-dist-'));
  await build(fresh);
  const stale = differences(dist, fresh);
  rmSync(fresh, { recursive: true, force: true });
  if (stale.length > 0) {
    console.error(
      `dist/ is not what src/ builds to (${stale.join(', ')}). Run \`npm run build\` and commit dist/.`,
    );
    process.exit(1);
  }
  const size = sizeOf(dist);
  if (size >= largest) {
    console.error(
      `dist/ has ${size} bytes of code and may have ${largest}. Load a dependency less, or say here why it is worth it.`,
    );
    process.exit(1);
  }
  console.log(`dist/ is what src/ builds to: ${(size / 1e6).toFixed(2)} MB.`);
} else {
  await build(dist);
}
