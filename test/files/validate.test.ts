import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isSlip, nearest } from '../../src/files/nearest.ts';
import { validateYaml } from '../../src/files/validate.ts';
import { parseYaml } from '../../src/files/yaml-source.ts';
import { refusal } from './scratch.ts';

const animal = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bird'), wings: z.int().min(1).max(2) }),
  z.strictObject({ kind: z.literal('snake'), length: z.number() }),
]);
const zoo = z.strictObject({
  name: z.string().min(1),
  size: z.enum(['small', 'large']).default('small'),
  animals: z.union([z.string(), z.array(animal).min(1), z.strictObject({ best: animal })]).optional(),
  shape: z
    .union([z.strictObject({ round: z.boolean() }), z.strictObject({ sides: z.object({ n: z.int() }) })])
    .optional(),
  keepers: z.record(z.string(), z.strictObject({ age: z.number() })).optional(),
});
const check = (text: string) => refusal(() => validateYaml(zoo, parseYaml('zoo.yaml', text)));

describe('what is said about a value that does not fit', () => {
  it.each([
    [
      'an unknown key with its nearest',
      'name: x\nsise: small\n',
      'zoo.yaml:2:1: unknown key "sise". Did you mean "size"?',
    ],
    [
      'an unknown key like no other',
      'name: x\nvisitors: 3\n',
      'zoo.yaml:2:1: unknown key "visitors". Known keys: name, size, animals, shape, keepers.',
    ],
    [
      'a misspelt key that must be there, once',
      'nam: x\n',
      'zoo.yaml:1:1: unknown key "nam". Did you mean "name"?',
    ],
    [
      'a key below a record',
      'name: x\nkeepers:\n  ann: { ago: 3 }\n',
      'zoo.yaml:3:10: unknown key "ago". Did you mean "age"?',
    ],
    [
      'a key in a branch of a union',
      'name: x\nanimals:\n  - { kind: bird, wing: 2 }\n',
      'zoo.yaml:3:19: unknown key "wing". Did you mean "wings"?',
    ],
    ['a missing key', 'size: small\n', 'zoo.yaml:1:1: "name" is missing'],
    [
      'a value out of a list',
      'name: x\nsize: lrge\n',
      'zoo.yaml:2:7: size: "lrge" is not known. Did you mean "large"?',
    ],
    [
      'a value far from a list',
      'name: x\nsize: enormous\n',
      'zoo.yaml:2:7: size: "enormous" is not known. Known: small, large.',
    ],
    [
      'the key that tells branches apart',
      'name: x\nanimals: [{ kind: bord }]\n',
      'zoo.yaml:2:19: animals.0.kind: "bord" is not known. Did you mean "bird"?',
    ],
    [
      'that key missing',
      'name: x\nanimals: [{ wings: 2 }]\n',
      'zoo.yaml:2:11: animals.0: "kind" is missing. One of: bird, snake.',
    ],
    [
      'a type that no branch takes',
      'name: x\nanimals: 3\n',
      'zoo.yaml:2:10: animals: must be a text or a list or a mapping (`key: value`), not 3. Put it in quotes.',
    ],
    [
      'the branch that was meant',
      'name: x\nanimals: { best: { kind: snake, length: long } }\n',
      'zoo.yaml:2:41: animals.best.length: must be a number, not a text',
    ],
    [
      'the branch that got furthest',
      'name: x\nshape: { sides: { n: many } }\n',
      'zoo.yaml:2:22: shape.sides.n: must be a number, not a text',
    ],
    ['a text without quotes', 'name: 7\n', 'zoo.yaml:1:7: name: must be a text, not 7. Put it in quotes.'],
    ['nothing after a key', 'name:\n', 'zoo.yaml:1:6: name: must be a text, not empty'],
    ['an empty text', 'name: ""\n', 'zoo.yaml:1:7: name: must not be empty'],
    [
      'a number too small',
      'name: x\nanimals: [{ kind: bird, wings: 0 }]\n',
      'zoo.yaml:2:32: animals.0.wings: must be at least 1',
    ],
    [
      'a number too large',
      'name: x\nanimals: [{ kind: bird, wings: 3 }]\n',
      'zoo.yaml:2:32: animals.0.wings: must be at most 2',
    ],
    [
      'half a wing',
      'name: x\nanimals: [{ kind: bird, wings: 1.5 }]\n',
      'zoo.yaml:2:32: animals.0.wings: must be a whole number, not 1.5',
    ],
    ['an empty list', 'name: x\nanimals: []\n', 'zoo.yaml:2:10: animals: must have at least 1 items'],
    ['another kind of file', '- a\n', 'zoo.yaml:1:1: must be a mapping (`key: value`), not a list'],
  ])('%s', (_, text, message) => {
    expect(check(text)).toEqual([message]);
  });

  it('lists all that is wrong, each at its own place', () => {
    expect(check('name: 1\nsize: big\ncolour: red\n').map((line) => line.slice(0, 13))).toEqual([
      'zoo.yaml:3:1:',
      'zoo.yaml:1:7:',
      'zoo.yaml:2:7:',
    ]);
  });
});

describe('slips of the hand', () => {
  it('are words that are near, not words that are merely short', () => {
    expect(nearest('temprature', ['temperature', 'topP'])).toBe('temperature');
    expect(nearest('x', ['y', 'z'])).toBeUndefined();
    expect(nearest('anything', [])).toBeUndefined();
  });

  it.each([
    ['modle', 'model', true],
    ['Model', 'model', true],
    ['mesages', 'messages', true],
    ['desciptoin', 'description', false],
    ['date', 'name', false],
    ['note', 'name', false],
    ['tools', 'model', false],
  ])('%s for %s: %s', (word, known, expected) => {
    expect(isSlip(word, known)).toBe(expected);
  });
});
