import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const file = path.resolve(import.meta.dirname, '../../src/telemetry/bounded-heap.ts');

/** Megabytes that V8 takes at most for objects that come and go, of which 100,000 wait at any time. */
function peakOf(prepare: string): number {
  const script = `
    import { boundHeap } from ${JSON.stringify(file)};
    ${prepare}
    const waiting = [];
    let peak = 0;
    for (let index = 0; index < 2_000_000; index++) {
      waiting[index % 100_000] = { index, text: 'waits ' + index };
      if (index % 1000 === 0) peak = Math.max(peak, process.memoryUsage().heapTotal);
    }
    console.log(peak / 1e6);
  `;
  return Number(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }),
  );
}

describe('a bounded heap', () => {
  it('stays near what is in use, where V8 would take several times as much', () => {
    const [bounded, usual] = [peakOf('boundHeap();'), peakOf('')];
    expect(bounded).toBeLessThan(usual / 2);
  });
});
