import path from 'node:path';

/** The machine as far as the place of a cache depends on it. */
export type CacheHost = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** As `process.platform`. */
  readonly platform: string;
  /** The user's home folder. */
  readonly home: string;
};

/**
 * The one folder for what promptline downloads and can download again: `PROMPTLINE_CACHE`, or the place
 * that the platform's convention gives (XDG base directories on Linux). A variable that is empty counts as
 * absent, and a relative XDG folder is ignored, as that specification asks.
 */
export function cacheFolder({ environment, platform, home }: CacheHost): string {
  if (environment.PROMPTLINE_CACHE) return path.resolve(environment.PROMPTLINE_CACHE);
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'promptline');
  if (platform === 'win32') {
    const localData = environment.LOCALAPPDATA || path.join(home, 'AppData', 'Local');
    return path.join(localData, 'promptline', 'Cache');
  }
  const xdg = environment.XDG_CACHE_HOME;
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache'), 'promptline');
}
