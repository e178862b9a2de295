import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const file = path.resolve(import.meta.dirname, '../../src/telemetry/bounded-heap.ts');

/** Megabytes that V8 takes at most for new objects while many come and go, of which 100,000 wait at any time. */
function peakOf(prepare: string): number {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { boundHeap } from ${JSON.stringify(file)};
    ${prepare}
    const waiting = [];
    let peak = 0;
    for (let index = 0; index < 2_000_000; index++) {
      waiting[index % 100_000] = { index, text: 'waits ' + index };
      if (index % 1000 > 0) continue;
      const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
      peak = Math.max(peak, space.space_size);
    }
    console.log(peak / 1e6);
  `;
  return Number(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }),
  );
}

describe('a bounded heap', () => {
  it('keeps little room for new objects, where V8 would take far more', () => {
    const [bounded, usual] = [peakOf('boundHeap();'), peakOf('')];
    expect(bounded).toBeLessThan(usual / 4);
  });
});
