import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/config/load.ts';
import { refusal, scratchFolder } from '../files/scratch.ts';

const load = (composites: string) =>
  readConfiguration(scratchFolder({ 'promptline.yaml': `families: {}\ncomposites:\n${composites}` }));

const refused = (composites: string) => refusal(() => load(composites));

describe('composites in the configuration', () => {
  it('are taken with what each kind needs', () => {
    const { composites } = load(
      `  careful: { type: route, models: [local/a, local/b], until: { format: exact, complete: true, abstention: unknown, agreement: 2 } }
  steady: { type: fallback, models: [local/a, embedded/tinyllama-1.1b-chat] }
  many: { type: vote, models: [local/a], samples: 5 }
  chosen: { type: best, models: [composite/many, local/b], judge: composite/steady }
`,
    );
    expect(Object.keys(composites)).toEqual(['careful', 'steady', 'many', 'chosen']);
    expect(composites['chosen']).toMatchObject({ samples: 1 });
  });

  it.each([
    [
      'an unknown kind',
      '  it: { type: rute, models: [a/b, a/c] }\n',
      /^promptline\.yaml:3:15: .*"rute" is not known\. Did you mean "route"\?/,
    ],
    [
      'a route without conditions',
      '  it: { type: route, models: [a/b, a/c], until: {} }\n',
      /^promptline\.yaml:3:49: composites\.it\.until: must hold one condition at least/,
    ],
    [
      'a misspelt condition',
      '  it: { type: route, models: [a/b, a/c], until: { formt: exact } }\n',
      /^promptline\.yaml:3:51: unknown key "formt"\. Did you mean "format"\?/,
    ],
    [
      'a condition that is switched off',
      '  it: { type: route, models: [a/b, a/c], until: { complete: false } }\n',
      /^promptline\.yaml:3:61: .*complete.*false is not known/,
    ],
    [
      'a route with nowhere to go',
      '  it: { type: route, models: [a/b], until: { complete: true } }\n',
      /^promptline\.yaml:3:30: composites\.it\.models: must have at least 2 items/,
    ],
    [
      'a model named twice, whose one answer would count twice',
      '  it: { type: vote, models: [a/b, a/c, a/b] }\n',
      /^promptline\.yaml:3:29: composites\.it\.models: must not name a model twice/,
    ],
    [
      'a vote of two',
      '  it: { type: vote, models: [a/b, a/c] }\n',
      /^promptline\.yaml:3:29: composites\.it\.models: must give three answers at least/,
    ],
    [
      'a choice of one',
      '  it: { type: best, models: [a/b], judge: a/c }\n',
      /^promptline\.yaml:3:29: composites\.it\.models: must give two answers at least/,
    ],
    [
      'what is no model',
      '  it: { type: fallback, models: [a/b, gpt-5] }\n',
      /^promptline\.yaml:3:39: composites\.it\.models\.1: must be provider\/model, or composite\/NAME/,
    ],
    [
      'a composite that does not exist',
      '  it: { type: fallback, models: [a/b, composite/carefull] }\n  careful: { type: fallback, models: [a/b, a/c] }\n',
      /^promptline\.yaml:3:39: composites\.it\.models\.1: "composite\/carefull" is not under `composites`; did you mean "composite\/careful"\?/,
    ],
    [
      'a judge that does not exist',
      '  it: { type: best, models: [a/b, a/c], judge: composite/other }\n',
      /^promptline\.yaml:3:48: composites\.it\.judge: .*there are: composite\/it/,
    ],
    [
      'one that contains itself',
      '  it: { type: fallback, models: [a/b, composite/it] }\n',
      /^promptline\.yaml:3:39: composites\.it\.models\.1: composite\/it would contain itself: composite\/it, composite\/it$/,
    ],
    [
      'two that contain each other, said once',
      '  one: { type: fallback, models: [a/b, composite/two] }\n  two: { type: best, models: [a/b, a/c], judge: composite/one }\n',
      /^promptline\.yaml:3:40: composites\.one\.models\.1: composite\/one would contain itself: composite\/one, composite\/two, composite\/one$/,
    ],
  ])('refuses %s, with its place', (_, text, error) => {
    const errors = refused(text);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(error);
  });

  it('that lead into a circle are not part of it', () => {
    const errors = refused(`  top: { type: fallback, models: [composite/left, a/b] }
  left: { type: fallback, models: [composite/right, a/b] }
  right: { type: fallback, models: [composite/left, a/b] }
`);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^promptline\.yaml:4:36: .*composite\/left would contain itself/);
  });

  it('may share members, and need not be in any order', () => {
    const text = `  top: { type: fallback, models: [composite/left, composite/right] }
  left: { type: fallback, models: [composite/bottom, a/c] }
  right: { type: fallback, models: [composite/bottom, a/d] }
  bottom: { type: fallback, models: [a/e, a/f] }
`;
    expect(refused(text)).toEqual([]);
  });
});
