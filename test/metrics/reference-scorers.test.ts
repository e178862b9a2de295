import { expect, it } from 'vitest';
import type { OutputFormat } from '../../src/formats/format.ts';
import type { Mention } from '../../src/metrics/mention.ts';
import {
  countByType,
  type Matching,
  type MatchScheme,
  matchMentions,
} from '../../src/metrics/mention-matching.ts';
import type { Counts } from '../../src/metrics/metric.ts';
import { addCounts, averagePrecisionRecall, precisionRecall } from '../../src/metrics/precision-recall.ts';
import { describeGoldens } from './goldens.ts';
import { metric, scoreOf } from './metric-input.ts';

const NOTHING: Counts = { hits: 0, predicted: 0, expected: 0 };

type Span = { label: string; start: number; end: number };

/** A span as a mention whose tokens are its positions, so that spans go through what scores names. */
function mentionOfSpan({ label, start, end }: Span): Mention {
  const tokens = Array.from({ length: end - start + 1 }, (_, i) => String(start + i));
  return { name: `${start}-${end}`, type: label, tokens };
}

function spansOf(tags: readonly (string | Span)[]): Span[] {
  const spans: Span[] = [];
  for (const [position, tag] of tags.entries()) {
    if (typeof tag !== 'string') spans.push(tag);
    else if (tag !== 'O') {
      const [mark, label = ''] = tag.split('-');
      const last = spans.at(-1);
      if (mark === 'I' && last?.label === label && last.end === position - 1) last.end = position;
      else spans.push({ label, start: position, end: position });
    }
  }
  return spans;
}

type Corpus = { true: (string | Span)[][]; pred: (string | Span)[][] };

function matchCorpus(corpus: Corpus, scheme: MatchScheme, minOverlap: number): Matching[] {
  return corpus.true.map((tags, i) =>
    matchMentions(
      spansOf(tags).map(mentionOfSpan),
      spansOf(corpus.pred[i] ?? []).map(mentionOfSpan),
      scheme,
      minOverlap,
    ),
  );
}

function merge(all: readonly Record<string, Counts>[]): Record<string, Counts> {
  const merged: Record<string, Counts> = {};
  for (const counts of all) {
    for (const [type, count] of Object.entries(counts)) {
      merged[type] = addCounts(merged[type] ?? NOTHING, count);
    }
  }
  return merged;
}

type Ratios = { precision: number | null; recall: number | null; f1: number | null };
type Seqeval = { cases: (Corpus & { expected: { micro: Ratios; macro: Ratios } })[] };

describeGoldens<Seqeval>('entities by name and type', 'seqeval.json', (goldens) => {
  it("gives seqeval's micro and macro averages", () => {
    const { cases } = goldens();
    expect(cases).toHaveLength(6);
    for (const corpus of cases.filter(({ expected }) => expected.macro.f1 !== null)) {
      const counts = merge(matchCorpus(corpus, 'name_and_type', 1).map(countByType));
      expect(averagePrecisionRecall(counts, 'micro')).toEqual(corpus.expected.micro);
      expect(averagePrecisionRecall(counts, 'macro')).toEqual(corpus.expected.macro);
    }
  });

  it('surpasses it where no class exists: 0 by convention in both averages, where seqeval gives NaN for macro', () => {
    const corpus = goldens().cases.find(({ expected }) => expected.macro.f1 === null);
    const counts = merge(matchCorpus(corpus!, 'name_and_type', 1).map(countByType));
    expect(averagePrecisionRecall(counts, 'micro')).toEqual(corpus!.expected.micro);
    expect(averagePrecisionRecall(counts, 'macro')).toEqual({ precision: 0, recall: 0, f1: 0 });
  });
});

type Tally = {
  correct: number;
  incorrect: number;
  partial: number;
  missed: number;
  spurious: number;
  precision: number;
  recall: number;
  f1: number;
  actual: number;
  possible: number;
};
type Nervaluate = {
  cases: (Corpus & {
    min_overlap_percentage?: number;
    expected: Record<'strict' | 'partial' | 'ent_type' | 'exact', Tally>;
  })[];
};

describeGoldens<Nervaluate>('the four matching schemes', 'nervaluate.json', (goldens) => {
  const schemes = { strict: 'name_and_type', partial: 'partial', ent_type: 'type', exact: 'name' } as const;

  const evaluate = (corpus: Nervaluate['cases'][number], scheme: MatchScheme) => {
    const matchings = matchCorpus(corpus, scheme, (corpus.min_overlap_percentage ?? 1) / 100);
    const pairs = matchings.flatMap((matching) => matching.pairs);
    const total = Object.values(merge(matchings.map(countByType))).reduce(addCounts, NOTHING);
    const tally = {
      correct: pairs.filter(({ credit }) => credit === 1).length,
      partial: pairs.filter(({ credit }) => credit === 0.5).length,
      incorrect: pairs.filter(({ credit }) => credit === 0).length,
      missed: matchings.flatMap(({ missed }) => missed).length,
      spurious: matchings.flatMap(({ spurious }) => spurious).length,
      actual: total.predicted,
      possible: total.expected,
    };
    return { tally, ratios: precisionRecall(total) };
  };

  it.each(Object.entries(schemes))('%s is our %s, count for count', (theirs, ours) => {
    const { cases } = goldens();
    expect(cases).toHaveLength(9);
    for (const corpus of cases) {
      const { precision, recall, f1, ...expected } = corpus.expected[theirs as keyof typeof schemes];
      const { tally, ratios } = evaluate(corpus, ours);
      expect(tally).toEqual(expected);
      const halvesOverDocuments = expected.partial > 0 && corpus.true.length > 1;
      if (!halvesOverDocuments) {
        expect(ratios).toEqual({ precision, recall, f1: expect.closeTo(f1, 12) });
      }
    }
  });

  it('surpasses it: half a hit counts half over several documents too, where nervaluate gives 0.8 for 4.5 of 5', () => {
    const [corpus] = goldens().cases;
    expect(corpus!.expected.partial).toMatchObject({ correct: 4, partial: 1, actual: 5, precision: 0.8 });
    expect(evaluate(corpus!, 'partial').ratios).toEqual({ precision: 0.9, recall: 0.9, f1: 0.9 });
  });
});

type LightRag = {
  cases: {
    text: string;
    expected_entities: { name: string }[];
    output: string;
    entity_prf: [number, number, number];
    hallucination_rate: number;
  }[];
};

describeGoldens<LightRag>("LightRAG's evaluator", 'lightrag_evaluator.json', (goldens) => {
  const tuples: OutputFormat = { format: 'tuples' };
  const f1 = metric('entity_f1');
  const hallucination = metric('hallucination_rate');
  const named = () => {
    const [partial, invented, noDescription, empty, bare, messy, bad, duplicates] = goldens().cases.map(
      (known) => {
        const answered = {
          output: known.output,
          expected: { entities: known.expected_entities },
          input: { text: known.text },
        };
        const entities = scoreOf(f1, tuples, answered);
        const total = Object.values(entities.counts ?? {}).reduce(addCounts);
        return {
          known,
          entities,
          prf: precisionRecall(total),
          invented: scoreOf(hallucination, tuples, answered),
        };
      },
    );
    return {
      partial: partial!,
      invented: invented!,
      noDescription: noDescription!,
      empty: empty!,
      bare: bare!,
      messy: messy!,
      bad: bad!,
      duplicates: duplicates!,
    };
  };

  it('is matched where it is right', () => {
    const { partial, invented, messy } = named();
    for (const { known, prf, entities, invented: hallucinated } of [partial, invented, messy]) {
      expect([prf.precision, prf.recall, prf.f1]).toEqual(
        known.entity_prf.map((ratio) => expect.closeTo(ratio)),
      );
      expect(entities.value).toBeCloseTo(known.entity_prf[2]);
      expect(hallucinated.value).toBeCloseTo(known.hallucination_rate);
    }
  });

  it('is surpassed: an answer without entities has recall 0, not 1', () => {
    const { empty, bare, bad } = named();
    for (const { known, prf, entities } of [empty, bare, bad]) {
      expect(known.entity_prf[1]).toBe(1);
      expect([prf.recall, entities.value]).toEqual([0, 0]);
    }
  });

  it('is surpassed: where nothing was predicted there is no hallucination rate, instead of a perfect one', () => {
    const { empty, bare, bad } = named();
    for (const { known, invented } of [empty, bare, bad]) {
      expect(known.hallucination_rate).toBe(0);
      expect(invented.value).toBeNull();
    }
  });

  it('is surpassed: a missing description costs compliance only, the entity still counts', () => {
    const { noDescription } = named();
    expect(noDescription.known.entity_prf[2]).toBe(0);
    expect(noDescription.prf).toMatchObject({ precision: 1, recall: 0.25 });
    expect(noDescription.invented.value).toBe(0);
  });

  it('is surpassed: naming an entity twice costs precision, else each type could be tried for free', () => {
    const { duplicates } = named();
    expect(duplicates.known.entity_prf[0]).toBe(0.5);
    expect(duplicates.prf).toMatchObject({ precision: 1 / 3, recall: 0.25 });
    expect(duplicates.invented.value).toBe(duplicates.known.hallucination_rate);
  });
});
