/**
 * Fails when an import runs upwards, or when a pure room reaches for the network, the clock or chance. The order of rooms is the
 * design: entries, commands, rooms, ports.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Lowest first; a file may import from its own room and from rooms below. */
const rooms = [
  'errors.ts',
  'version.ts',
  'files',
  'statistics',
  'language',
  'redaction',
  'formats',
  'prompts',
  'datasets',
  'models',
  'metrics',
  'config',
  'evaluation',
  'optimization',
  'rollout',
  'telemetry',
  'monitoring',
  'reports',
  'host',
  'runtime',
  'commands',
  'bundle.ts',
  'cli.ts',
  'action.ts',
];

const pureRooms = [
  'statistics',
  'language',
  'redaction',
  'formats',
  'prompts',
  'datasets',
  'metrics',
  'evaluation',
  'optimization',
  'rollout',
  'monitoring',
  'reports',
];
const impure: readonly [RegExp, string][] = [
  [/\bMath\.random\b/, 'Math.random: take a Random'],
  [/\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/, 'the clock: let it be handed in'],
  [/\bfetch\(|from 'node:(http|https|net|child_process)'/, 'the network or a process'],
  [/\bprocess\.(env|argv|cwd)\b/, 'the process: let it be handed in'],
];

const source = path.resolve(import.meta.dirname, '..', 'src');
const problems: string[] = [];
for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.ts') || name.endsWith('.d.ts')) continue;
  const file = name.split(path.sep).join('/');
  const text = readFileSync(path.join(source, name), 'utf8');
  checkImports(file, text);
  if (pureRooms.includes(roomOf(file))) checkPurity(file, text);
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log('Imports run downwards.');

function checkImports(file: string, text: string): void {
  const from = rankOf(file);
  for (const [, target = ''] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)) {
    const imported = path.posix.normalize(path.posix.join(path.posix.dirname(file), target));
    if (rankOf(imported) > from) problems.push(`src/${file} imports ${imported}, which lies above it`);
  }
}

function checkPurity(file: string, text: string): void {
  for (const [index, line] of text.split('\n').entries()) {
    for (const [pattern, why] of impure) {
      if (pattern.test(line)) problems.push(`src/${file}:${index + 1} uses ${why}`);
    }
  }
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

function rankOf(file: string): number {
  const rank = rooms.indexOf(roomOf(file));
  if (rank < 0) problems.push(`src/${file} is in no known room: name it in scripts/check-imports.ts`);
  return rank;
}
