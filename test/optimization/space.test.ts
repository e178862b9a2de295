import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Example } from '../../src/datasets/dataset.ts';
import { instructionEdits } from '../../src/optimization/instruction-edits.ts';
import { buildSpace, realise, withAnswers } from '../../src/optimization/space.ts';
import type { Prompt } from '../../src/prompts/prompt.ts';
import { placeholders } from '../../src/prompts/render.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { latentWorld } from './latent-model.ts';

const { prompt } = latentWorld(1);
const question = { role: 'user', content: 'Word: {{text}}\nColour:' } as const;

const row = (id: string, label: unknown, text = id): Example => ({
  id,
  input: { text },
  expected: { label },
  tags: [],
  cluster: id,
});

const rows = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, (_, index) => row(`${label}-${index}`, label)),
  );

const spaceOf = (fields: Partial<Prompt>, train: readonly Example[], maxDemonstrations = 16) =>
  buildSpace({ ...prompt, ...fields }, train, { maxDemonstrations, random: createRandom(1) });

describe('a space with answers in own words', () => {
  const space = spaceOf({}, [row('honey', 'amber'), row('sea', 'blue')]);
  const answer = {
    id: 'answered-sea',
    example: 'sea',
    stratum: 'blue',
    question: 'Word: sea',
    answer: 'is blue',
  };

  it('holds them beside the references, and leaves the space as it was alone', () => {
    const { pool, strata, voices, base } = withAnswers(space, [answer], 8);
    expect([...pool.keys()]).toEqual(['honey', 'sea', 'answered-sea']);
    expect(strata.get('blue')).toEqual(['sea', 'answered-sea']);
    expect(voices?.map((each) => [...each.values()].flat())).toEqual([
      ['answered-sea'],
      ['honey', 'sea'],
      ['honey', 'sea', 'answered-sea'],
    ]);
    expect(base).toEqual(space.base);
    expect(space.pool.size).toBe(2);
  });

  it('shows as many demonstrations as there are examples, in whatever words', () => {
    const other = { ...answer, id: 'answered-honey', example: 'honey', stratum: 'amber' };
    expect(withAnswers(space, [answer, other], 8).sizes.at(-1)).toBe(2);
  });

  it('never puts an answer in the place of an example that has its id', () => {
    const same = spaceOf({}, [row('sea', 'blue'), row('answered-sea', 'amber')]);
    expect(withAnswers(same, [answer], 8)).toBe(same);
  });
});

describe('the pool of demonstrations', () => {
  const own = [
    { role: 'system', content: 'Name it.' },
    { role: 'user', content: 'Word: sky\nColour:' },
    { role: 'assistant', content: 'blue' },
    question,
  ] as const;

  it('holds the questions of the training split as the prompt asks them, with their reference answers', () => {
    const { pool, strata } = spaceOf({}, [row('honey', 'amber'), row('sea', 'blue')]);
    expect([...pool.values()]).toEqual([
      { id: 'honey', stratum: 'amber', question: 'Word: honey\nColour:', answer: 'amber' },
      { id: 'sea', stratum: 'blue', question: 'Word: sea\nColour:', answer: 'blue' },
    ]);
    expect([...strata]).toEqual([
      ['amber', ['honey']],
      ['blue', ['sea']],
    ]);
  });

  it('keeps the demonstrations that the prompt has, and the base uses them', () => {
    const space = spaceOf({ messages: own }, [row('honey', 'amber')]);
    expect(space.base).toEqual({
      instruction: 'Name it.',
      layout: 'instruction first',
      demonstrations: ['own-1'],
    });
    expect(space.pool.get('own-1')).toMatchObject({ answer: 'blue', stratum: 'blue' });
    expect(realise({ ...prompt, messages: own }, space, space.base).messages).toEqual(own);
  });

  it('takes a training row that the prompt shows already only once', () => {
    const { pool } = spaceOf({ messages: own }, [row('sky-row', 'blue', 'sky'), row('honey', 'amber')]);
    expect([...pool.keys()]).toEqual(['own-1', 'honey']);
  });

  it('never mixes up a training row with a demonstration of its own, whatever the row is called', () => {
    const space = spaceOf({ messages: own }, [row('own-1', 'amber', 'honey'), row('sea', 'blue')]);
    expect(realise({ ...prompt, messages: own }, space, space.base).messages).toEqual(own);
    expect([...space.strata.values()].flat()).toEqual([...space.pool.keys()]);
  });

  it('leaves out rows that would read as a placeholder, and rows without an answer', () => {
    const train = [
      row('a', 'amber', 'see {{text}}'),
      row('b', undefined),
      row('c', ''),
      row('d', 'dune', '{ {x} }'),
    ];
    expect([...spaceOf({}, train).pool.keys()]).toEqual(['d']);
    const text = spaceOf({ output: { format: 'text', field: 'label' } }, [row('e', 'say {{ name }}')]);
    expect(text.pool.size).toBe(0);
  });

  it('has one stratum where answers are not labels', () => {
    const space = spaceOf({ output: { format: 'text', field: 'label' } }, rows({ one: 3, two: 2 }));
    expect([...space.strata.keys()]).toEqual(['']);
  });
});

describe('the numbers of demonstrations', () => {
  it.each([
    [{ a: 9, b: 9, c: 9 }, 10, [3, 6, 9]],
    [{ a: 9, b: 9 }, 5, [2, 4]],
    [{ a: 2, b: 1 }, 24, [2]],
    [{ a: 9, b: 9, c: 9 }, 2, [2]],
    [{ a: 9, b: 9, c: 9 }, 0, [0]],
    [{}, 24, [0]],
    [{ a: 40 }, 24, [2, 4, 8, 16]],
    [{ a: 3 }, 24, [1, 2]],
    [{ a: 1 }, 24, [1]],
  ])('for a pool of %j and at most %i are %j', (counts, most, sizes) => {
    expect(spaceOf({}, rows(counts), most).sizes).toEqual(sizes);
  });
});

describe('the wordings', () => {
  it('are the own one first, the author’s, edits, and none, each once', () => {
    const { instructions, base } = spaceOf({ alternatives: ['Other words.', base0(), 'Other words.'] }, []);
    expect(instructions[0]).toBe(base.instruction);
    expect(instructions.slice(1, 2)).toEqual(['Other words.']);
    expect(instructions.at(-1)).toBe('');
    expect(instructions.length).toBeGreaterThan(4);
    expect(new Set(instructions).size).toBe(instructions.length);
  });

  it('never leave out an instruction that holds an input', () => {
    const messages = [{ role: 'system', content: 'Colours: {{colours}}. Name it.' } as const, question];
    const { instructions } = spaceOf({ messages, alternatives: [] }, []);
    expect(instructions.length).toBeGreaterThan(1);
    for (const wording of instructions) expect(placeholders(wording)).toEqual(['colours']);
  });

  function base0(): string {
    return prompt.messages[0]?.content ?? '';
  }
});

describe('edits of an instruction', () => {
  const edits = (text: string, seed = 1) => instructionEdits(text, createRandom(seed));

  it('are none for one sentence', () => {
    expect(edits('Name the colour.')).toEqual([]);
    expect(edits('')).toEqual([]);
    expect(edits('Use v3.5 of file.txt')).toEqual([]);
  });

  it('leave one sentence out or swap two neighbours', () => {
    const seen = new Set(
      Array.from({ length: 20 }, (_, seed) => edits('Read it. Think! Answer.', seed)).flat(),
    );
    expect(seen).toEqual(
      new Set([
        'Think! Answer.',
        'Read it. Answer.',
        'Read it. Think!',
        'Think! Read it. Answer.',
        'Read it. Answer. Think!',
      ]),
    );
  });

  it('keep lines apart', () => {
    const seen = new Set(
      Array.from({ length: 20 }, (_, seed) => edits('Rules:\n- be brief\n- be kind', seed)).flat(),
    );
    expect(seen).toContain('Rules:\n- be kind\n- be brief');
    expect(seen).toContain('Rules:\n- be kind');
  });

  it('never lose a letter: each has the words of the text, or those but one sentence', () => {
    const text = 'Scores run from 0.5 to 1.0, e.g. 0.75. Use example.com!\nAnswer with one word';
    const words = (of: string) => of.split(/\s+/).sort();
    for (let seed = 0; seed < 20; seed++) {
      for (const edit of edits(text, seed)) {
        for (const word of words(edit)) expect(words(text)).toContain(word);
      }
    }
  });

  it('are four at most and keep every placeholder, however it is spaced', () => {
    const sentence = fc.constantFrom(
      'Be brief. ',
      'The text is {{text}}. ',
      'Labels:\n',
      '{{\n labels }} ',
      'Why? ',
      'a.b ',
    );
    fc.assert(
      fc.property(fc.array(sentence, { maxLength: 6 }), fc.nat(1000), (sentences, seed) => {
        const text = sentences.join('');
        const made = edits(text, seed);
        expect(made.length).toBeLessThanOrEqual(4);
        for (const edit of made) expect(new Set(placeholders(edit))).toEqual(new Set(placeholders(text)));
      }),
      { numRuns: 200 },
    );
  });
});
