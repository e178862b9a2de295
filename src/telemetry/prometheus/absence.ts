import type { Tally } from '../irregularities.ts';
import { type PrometheusClient, QueryFailure } from './client.ts';
import type { Slice } from './growth.ts';
import type { Selections } from './queries.ts';
import { valuesOf } from './series.ts';

type Asking = { readonly client: PrometheusClient; readonly selections: Selections; readonly tally: Tally };

/** Names what found nothing at all, and why where the server knows. */
export async function noteNoSeries({ client, selections, tally }: Asking, { until }: Slice): Promise<void> {
  const { histogram, total } = selections;
  const isNative = histogram && (await client.query(`count(${histogram.itself})`, until)).length > 0;
  if (isNative) tally.add('native histogram', `${histogram.itself} has no classic buckets`);
  else tally.add('without series', `nothing is there for ${total}`);
}

/**
 * Names what found no good or bad calls where there are calls: usual while all go one way, else a mistake in the selector.
 *
 * @throws {QueryFailure} where a histogram has no such bucket, so that nothing can be counted
 */
export async function findNoBucket({ client, selections, tally }: Asking, { until }: Slice): Promise<void> {
  const { histogram, part, partIs } = selections;
  if (histogram === null) {
    if (partIs === 'good') tally.add('without series', `nothing is there for ${part}`);
    return;
  }
  const found = [...valuesOf(await client.query(`group by (le) (${histogram.buckets})`, until)).values()];
  const bounds = found.map(({ labels }) => Number(labels['le'])).filter(Number.isFinite);
  const known = bounds.toSorted((a, b) => a - b).join(', ');
  throw new QueryFailure(
    'without bucket',
    `atMost ${histogram.atMost} is the bound of no bucket of ${histogram.buckets}; there are ${known || 'none'}`,
  );
}
