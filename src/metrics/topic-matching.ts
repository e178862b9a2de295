import { porterStem } from '../language/porter-stemmer.ts';
import { words } from '../language/words.ts';
import { mentionOf } from './mention.ts';
import { stemsOf } from './terms.ts';

export type Topic = {
  /** As written, for feedback. */
  readonly name: string;
  readonly stems: ReadonlySet<string>;
};

export type TopicMatching = {
  readonly covered: readonly Topic[];
  readonly missed: readonly Topic[];
  readonly spurious: readonly Topic[];
};

/** The least Dice coefficient of two topics that are the same. */
const SAME_TOPIC = 0.5;

/** A list item as a topic: a plain text, or an item with `name`. Null when it has none. */
export function topicOf(item: unknown): Topic | null {
  const name = mentionOf(item)?.name;
  if (name === undefined) return null;
  const stems = stemsOf(name);
  // A topic may be made of stop words only: The Who.
  return { name, stems: stems.size > 0 ? stems : new Set(words(name).map(porterStem)) };
}

/**
 * Pairs expected topics with predicted ones that share at least half of their content words, compared by stem (Dice
 * coefficient: twice the shared ones over those of both, so that a topic as long as a document matches nothing). Each
 * topic is paired once, and as many are paired as can be: a maximum matching.
 */
export function matchTopics(expected: readonly Topic[], predicted: readonly Topic[]): TopicMatching {
  const candidates = new Map(expected.map((topic) => [topic, sameTopics(topic, predicted)]));
  const partners = maximumMatching(candidates);
  const covered = new Set(partners.values());
  return {
    covered: [...covered],
    missed: expected.filter((topic) => !covered.has(topic)),
    spurious: predicted.filter((topic) => !partners.has(topic)),
  };
}

/** Those that are the same topic, the most similar first. */
function sameTopics(topic: Topic, others: readonly Topic[]): Topic[] {
  return others
    .map((other) => ({ other, similarity: diceCoefficient(topic.stems, other.stems) }))
    .filter(({ similarity }) => similarity >= SAME_TOPIC)
    .sort((a, b) => b.similarity - a.similarity)
    .map(({ other }) => other);
}

/** In [0, 1]; 0 where both are empty. */
function diceCoefficient(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((stem) => b.has(stem)).length;
  return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size);
}

/** Expected by predicted topic, by augmenting paths (Kuhn): a taken one is given up where its taker finds another. */
function maximumMatching(candidates: ReadonlyMap<Topic, readonly Topic[]>): Map<Topic, Topic> {
  const partners = new Map<Topic, Topic>();
  const pair = (wanted: Topic, tried: Set<Topic>): boolean => {
    for (const candidate of candidates.get(wanted) ?? []) {
      if (tried.has(candidate)) continue;
      tried.add(candidate);
      const holder = partners.get(candidate);
      if (holder && !pair(holder, tried)) continue;
      partners.set(candidate, wanted);
      return true;
    }
    return false;
  };
  for (const wanted of candidates.keys()) pair(wanted, new Set());
  return partners;
}
