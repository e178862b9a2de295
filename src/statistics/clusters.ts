/** What the examples of one cluster add up to. */
export type ClusterTotal = { readonly sum: number; readonly size: number };

/**
 * Puts items of one cluster (a document, a topic) together, because they are not independent: tests and intervals
 * take a cluster, not an item, as the unit. Clusters come in the order of their names, so that a seeded resampling
 * gives the same result however the items were ordered.
 */
export function groupByCluster<T extends { readonly cluster: string }>(items: readonly T[]): T[][] {
  const groups = Map.groupBy(items, (item) => item.cluster);
  return [...groups].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, members]) => members);
}

/** Sum and size of each cluster's values, in the order of the clusters' names. */
export function clusterTotals(
  items: readonly { readonly value: number; readonly cluster: string }[],
): ClusterTotal[] {
  // Totals alone, not the items of each cluster: there may be a hundred thousand clusters of one.
  const totals = new Map<string, { sum: number; size: number }>();
  for (const { value, cluster } of items) {
    const total = totals.get(cluster);
    if (total) {
      total.sum += value;
      total.size += 1;
    } else {
      totals.set(cluster, { sum: value, size: 1 });
    }
  }
  const names = [...totals.keys()].sort();
  return names.map((name) => totals.get(name) ?? { sum: 0, size: 0 });
}

/**
 * The mean over examples, as the ratio of two totals over clusters: each example weighs the same, whatever the
 * size of its cluster. NaN without examples.
 */
export function meanOfClusters(clusters: readonly ClusterTotal[]): number {
  let sum = 0;
  let size = 0;
  for (const cluster of clusters) {
    sum += cluster.sum;
    size += cluster.size;
  }
  return sum / size;
}
