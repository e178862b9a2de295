/**
 * Builds dist/: TypeScript to lib/, ncc from lib/bundle.js to one ES module with its licences, and the two
 * doors beside it. `--check` builds into a temporary folder and fails when dist/ is not byte for byte the same, or too large.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const doors = ['cli.js', 'action.js'];
/** Bytes: every job downloads the whole of it. */
const largest = 4_000_000;

function run(command: string, args: string[]): void {
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

function build(folder: string): void {
  rmSync(path.join(root, 'lib'), { recursive: true, force: true });
  run('tsc', ['-p', 'tsconfig.build.json']);
  rmSync(folder, { recursive: true, force: true });
  run('ncc', [
    'build',
    'lib/bundle.js',
    '--out',
    folder,
    '--minify',
    '--license',
    'licenses.txt',
    '--target',
    'es2024',
  ]);
  cpSync(path.join(folder, 'index.js'), path.join(folder, 'bundle.js'));
  rmSync(path.join(folder, 'index.js'));
  for (const door of doors) cpSync(path.join(root, 'lib', door), path.join(folder, door));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }\n');
  addAxLicense(path.join(folder, 'licenses.txt'));
}

/** Ax's package has no licence text, only the name of its licence, which is also ours. */
function addAxLicense(file: string): void {
  const text = readFileSync(path.join(root, 'LICENSE'), 'utf8');
  writeFileSync(
    file,
    `${readFileSync(file, 'utf8')}\n\n@ax-llm/ax (its package names Apache-2.0 and holds no text)\n${text}`,
  );
}

function differences(a: string, b: string): string[] {
  const names = new Set([...readdirSync(a), ...readdirSync(b)]);
  return [...names].filter((name) => contents(a, name) !== contents(b, name));
}

/** Bytes of all files of a folder. */
function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
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
  build(fresh);
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
      `dist/ has ${size} bytes and may have ${largest}. Load a dependency less, or say here why it is worth it.`,
    );
    process.exit(1);
  }
  console.log(`dist/ is what src/ builds to: ${(size / 1e6).toFixed(2)} MB.`);
} else {
  build(dist);
}
