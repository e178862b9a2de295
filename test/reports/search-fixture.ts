import type { CandidateTrace, Standing } from '../../src/optimization/proposal.ts';

const searchedInstructions = {
  base: 'Classify the intent of the query.\nAnswer with the intent only.',
  pick: 'You label search queries. Each query has exactly one intent.\nAnswer with the intent only.',
};

/** A search in rounds: each round measures the survivors on more rows; about half go on. */
export function searchedCandidates(count: number, best: number): readonly CandidateTrace[] {
  const level = (id: number) => (id === 0 ? 0.38 : id === 9 ? best : 0.3 + ((id * 37) % 29) / 80);
  const lasts = (id: number) => (id === 9 || id === 0 ? 4 : id % 4);
  const standings = new Map<number, Standing[]>();
  let calls = 0;
  for (const [round, rows] of [8, 16, 32, 60].entries()) {
    for (let id = 0; id < count; id++) {
      if (lasts(id) < round) continue;
      calls += round === 0 ? 8 : rows / 2;
      const noise = (((id * 7919 + round * 104_729) % 100) / 100 - 0.5) * (0.3 / Math.sqrt(rows));
      const mean = Math.min(1, Math.max(0, level(id) + noise));
      standings.set(id, [...(standings.get(id) ?? []), { calls: Math.round(calls), rows, mean }]);
    }
  }
  const whys = [
    'two demonstrations from training examples the base got wrong',
    'instruction rewritten from the mistakes of candidate 3: "name exactly one intent"',
    'three demonstrations, one for each intent that was confused most',
    'layout: demonstrations inside the system message',
  ];
  return Array.from({ length: count }, (_, id) => ({
    id,
    parent: id === 0 ? null : id < 5 ? 0 : id % 5,
    why: id === 0 ? 'the prompt as it was' : (whys[id % whys.length] ?? ''),
    choices: {
      instruction: id === 9 ? searchedInstructions.pick : searchedInstructions.base,
      layout: 'instruction first',
      demonstrations: [],
    },
    standings: standings.get(id) ?? [],
    fate: id === 9 ? 'picked' : id === 13 ? 'failed' : 'raced out',
  }));
}
