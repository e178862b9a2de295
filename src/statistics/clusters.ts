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
  return groupByCluster(items).map((members) => ({
    sum: members.reduce((sum, { value }) => sum + value, 0),
    size: members.length,
  }));
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
