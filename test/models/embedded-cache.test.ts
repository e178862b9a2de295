import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cacheFolder } from '../../src/models/embedded/cache.ts';
import { embeddedPins } from '../../src/models/embedded/packages.ts';

const home = path.resolve('/home/ada');
const on = (platform: string, environment: Record<string, string> = {}) =>
  cacheFolder({ platform, environment, home });

describe('the cache folder', () => {
  test('is what PROMPTLINE_CACHE says, on every platform', () => {
    for (const platform of ['linux', 'darwin', 'win32']) {
      const environment = {
        PROMPTLINE_CACHE: 'some/cache',
        XDG_CACHE_HOME: '/xdg',
        LOCALAPPDATA: 'C:\\Local',
      };
      expect(on(platform, environment)).toBe(path.resolve('some/cache'));
    }
  });

  test('follows the platform otherwise', () => {
    expect(on('linux')).toBe(path.join(home, '.cache', 'promptline'));
    expect(on('darwin')).toBe(path.join(home, 'Library', 'Caches', 'promptline'));
    expect(on('win32')).toBe(path.join(home, 'AppData', 'Local', 'promptline', 'Cache'));
    expect(on('win32', { LOCALAPPDATA: 'local' })).toBe(path.join('local', 'promptline', 'Cache'));
  });

  test('follows XDG_CACHE_HOME on Linux when it is absolute', () => {
    expect(on('linux', { XDG_CACHE_HOME: '/fast/cache' })).toBe(path.join('/fast/cache', 'promptline'));
    expect(on('linux', { XDG_CACHE_HOME: 'relative' })).toBe(path.join(home, '.cache', 'promptline'));
    expect(on('linux', { XDG_CACHE_HOME: '', PROMPTLINE_CACHE: '' })).toBe(
      path.join(home, '.cache', 'promptline'),
    );
  });
});

describe('the pins', () => {
  test('name one build of llama.cpp for each platform, all of one version', () => {
    const packages = (platform: string, arch: string) =>
      embeddedPins(platform, arch).runtime.packages.map(({ name, version }) => `${name}@${version}`);
    expect(packages('linux', 'x64')).toEqual(['node-llama-cpp@3.22.1', '@node-llama-cpp/linux-x64@3.22.1']);
    expect(packages('darwin', 'arm64')[1]).toBe('@node-llama-cpp/mac-arm64-metal@3.22.1');
    expect(packages('win32', 'x64')[1]).toBe('@node-llama-cpp/win-x64@3.22.1');
  });

  test('keep the runtimes of two platforms apart in one cache', () => {
    expect(embeddedPins('linux', 'x64').runtime.folder).not.toBe(
      embeddedPins('linux', 'arm64').runtime.folder,
    );
  });

  test('refuse a platform without a build, as the user input it is', () => {
    expect(() => embeddedPins('sunos', 'x64')).toThrow(expect.objectContaining({ kind: 'input' }));
  });
});
