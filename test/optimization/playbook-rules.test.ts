import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyOperations,
  type Operation,
  readOperations,
  readPlaybook,
  writePlaybook,
} from '../../src/optimization/playbook-rules.ts';

const rule = fc
  .string({ minLength: 1, maxLength: 40 })
  .map((text) => text.replace(/\s+/g, ' ').trim())
  .filter((text) => text !== '');
const instruction = fc.string({ unit: fc.constantFrom('a', '\n', '- ', 'Rules:', ' ', '.') });

describe('a playbook', () => {
  it('stands at the end of the instruction as people would write it', () => {
    expect(writePlaybook('Name the colour.', ['Be brief.', 'Red is red.'])).toBe(
      'Name the colour.\n\nRules:\n- Be brief.\n- Red is red.',
    );
    expect(writePlaybook('Name the colour.', [])).toBe('Name the colour.');
    expect(writePlaybook('', ['Be brief.'])).toBe('\n\nRules:\n- Be brief.');
  });

  it('is read as it was written', () => {
    const some = fc.array(rule, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(instruction, some, (text, list) => {
        expect(readPlaybook(writePlaybook(text, list))).toEqual({ instruction: text, rules: list });
      }),
    );
  });

  it('is written as it was read, but for white space around rules', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n\nRules:\n- ', '\n- ', '\n', 'b c') });
    const lines = (of: string) => of.split('\n').map((line) => line.trim());
    fc.assert(
      fc.property(text, (whole) => {
        const read = readPlaybook(whole);
        expect(lines(writePlaybook(read.instruction, read.rules).trimEnd())).toEqual(lines(whole.trimEnd()));
      }),
    );
  });

  it.each([
    ['an instruction without rules', 'Name the colour.'],
    ['rules in the middle', 'A\n\nRules:\n- one\n\nNow go on.'],
    ['a heading alone', 'A\n\nRules:'],
    ['a list under another heading', 'A\n\nColours:\n- red'],
    ['', ''],
  ])('is not seen in %s', (_, text) => {
    expect(readPlaybook(text)).toEqual({ instruction: text, rules: [] });
  });
});

describe('reading operations', () => {
  it('reads one a line, and nothing from anything else', () => {
    const answer = [
      'Here are the changes:',
      'ADD: Say   red for\tcherry.',
      '- REPLACE 2: Say green: for grass.',
      '3. REMOVE 3',
      '**ADD**: Bold one.',
      '**REPLACE 1:** Bold two.',
      'REMOVE 4.',
      'ADD 5: five',
      'ADD:',
      'REPLACE: no number',
      'REPLACE 0: no such rule',
      'REMOVE',
      'ADDRESS the customer by name.',
      'ADDITIONALLY: nothing',
      'REMOVED 2',
      'add: in lower case',
      'You could ADD: a rule',
      `ADD: ${'x'.repeat(301)}`,
      `ADD: ${'x'.repeat(300)}`,
    ].join('\n');
    expect(readOperations(answer)).toEqual([
      { kind: 'add', text: 'Say red for cherry.' },
      { kind: 'replace', rule: 2, text: 'Say green: for grass.' },
      { kind: 'remove', rule: 3 },
      { kind: 'add', text: 'Bold one.' },
      { kind: 'replace', rule: 1, text: 'Bold two.' },
      { kind: 'remove', rule: 4 },
      { kind: 'add', text: 'five' },
      { kind: 'add', text: 'x'.repeat(300) },
    ]);
  });

  it('reads lines that end in any way', () => {
    expect(readOperations('ADD: a\r\nADD: b\rADD: c\u2028REMOVE 1\r\n')).toHaveLength(4);
  });

  it('reads what was written', () => {
    const operation = fc.oneof(
      rule.map((text): Operation => ({ kind: 'add', text })),
      fc
        .tuple(fc.integer({ min: 1, max: 12 }), rule)
        .map(([at, text]): Operation => ({ kind: 'replace', rule: at, text })),
      fc.integer({ min: 1, max: 12 }).map((at): Operation => ({ kind: 'remove', rule: at })),
    );
    const written = (each: Operation) =>
      each.kind === 'add'
        ? `ADD: ${each.text}`
        : each.kind === 'replace'
          ? `REPLACE ${each.rule}: ${each.text}`
          : `REMOVE ${each.rule}`;
    const plain = (each: Operation) => each.kind === 'remove' || !each.text.includes('**');
    fc.assert(
      fc.property(fc.array(operation.filter(plain)), (list) => {
        expect(readOperations(list.map(written).join('\n'))).toEqual(list);
      }),
    );
  });

  it('comes to an end with a megabyte of anything', () => {
    for (const piece of ['ADD ', 'ADD\t', 'ADD: ', '* ', '9', '\n', '\r', ' ', 'REPLACE 9']) {
      expect(readOperations(piece.repeat(1_000_000 / piece.length)).length).toBeLessThan(3);
    }
  });
});

describe('applying operations', () => {
  it('adds, replaces and removes by the numbers of before', () => {
    const list = applyOperations(
      ['a', 'b', 'c'],
      [
        { kind: 'remove', rule: 1 },
        { kind: 'replace', rule: 3, text: 'C' },
        { kind: 'add', text: 'd' },
      ],
    );
    expect(list).toEqual(['b', 'C', 'd']);
  });

  it('lets the last word on a rule count, and leaves out rules that are not there', () => {
    const list = applyOperations(
      ['a', 'b'],
      [
        { kind: 'remove', rule: 1 },
        { kind: 'replace', rule: 1, text: 'A' },
        { kind: 'replace', rule: 2, text: 'B' },
        { kind: 'remove', rule: 2 },
        { kind: 'replace', rule: 9, text: 'nothing' },
      ],
    );
    expect(list).toEqual(['A']);
  });

  it('keeps each rule once, twelve at most, and without operations every rule', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(rule, { maxLength: 12 }),
        fc.array(rule, { maxLength: 20 }),
        (list, more) => {
          expect(applyOperations(list, [])).toEqual(list);
          const grown = applyOperations(
            list,
            more.map((text) => ({ kind: 'add', text })),
          );
          expect(new Set(grown).size).toBe(grown.length);
          expect(grown.length).toBe(Math.min(12, new Set([...list, ...more]).size));
          expect(grown.slice(0, list.length)).toEqual(list);
        },
      ),
    );
  });
});
