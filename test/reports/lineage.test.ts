import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CandidateTrace, SearchTrace } from '../../src/optimization/proposal.ts';
import { searchChart } from '../../src/reports/html/search-chart.ts';
import { descentOf, describeDescent, lineageEdges } from '../../src/reports/lineage.ts';
import { lineageGraph } from '../../src/reports/markdown/lineage.ts';
import { acceptedProposal } from './fixtures.ts';
import { hostileTexts } from './hostile-fixture.ts';

const candidate = (
  id: number,
  parent: number | null,
  fields: Partial<CandidateTrace> = {},
): CandidateTrace => ({
  id,
  parent,
  why: parent === null ? 'the prompt as it was' : `${parent} reworded`,
  choices: { instruction: 'Name it.', layout: 'instruction first', demonstrations: [] },
  standings: [{ calls: 10 * (id + 1), rows: 10, mean: 0.1 * id }],
  fate: 'raced out',
  ...fields,
});

/** Any candidates a report file may hold: parents that are younger, unknown, circular, never measured. */
const candidates = fc
  .array(
    fc.record({
      parent: fc.option(fc.nat(12)),
      standings: fc.array(
        fc.record({
          calls: fc.nat(200),
          rows: fc.integer({ min: 1, max: 60 }),
          mean: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        { maxLength: 4 },
      ),
      fate: fc.constantFrom('raced out', 'stays', 'failed', 'picked'),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((drawn) =>
    drawn.map(({ parent, standings, fate }, id) =>
      candidate(id, parent, {
        standings: standings.toSorted((a, b) => a.calls - b.calls),
        fate: fate as CandidateTrace['fate'],
      }),
    ),
  );

const traceOf = (of: readonly CandidateTrace[]): SearchTrace => ({
  ...acceptedProposal().search,
  calls: 200,
  candidates: of,
});

describe('the line of descent', () => {
  const family = [candidate(0, null), candidate(1, 0), candidate(2, 0), candidate(3, 1, { fate: 'picked' })];

  it('goes from the prompt as it was to the pick', () => {
    expect(descentOf(family).map(({ id }) => id)).toEqual([0, 1, 3]);
    expect(describeDescent(family)).toBe(
      'candidate 3: 1 reworded; candidate 1: 0 reworded; candidate 0: the prompt as it was',
    );
  });

  it('is empty without a pick, and the pick alone where it was made from nothing', () => {
    expect(descentOf(family.slice(0, 3))).toEqual([]);
    expect(describeDescent(family.slice(0, 3))).toBeNull();
    expect(descentOf([candidate(5, null, { fate: 'picked' })])).toHaveLength(1);
  });

  it('leaves out the middle of a long line', () => {
    const long = Array.from({ length: 20 }, (_, id) =>
      candidate(id, id === 0 ? null : id - 1, id === 19 ? { fate: 'picked' } : {}),
    );
    expect(describeDescent(long)).toMatch(
      /^candidate 19: .*candidate 15: 14 reworded; 14 more in between; candidate 0: the prompt as it was$/,
    );
  });

  it('ends, whatever parents a file names', () => {
    fc.assert(
      fc.property(candidates, (any) => {
        const line = descentOf(any);
        expect(new Set(line).size).toBe(line.length);
        for (const [index, { parent }] of line.entries()) {
          if (index > 0) expect(parent).toBe(line[index - 1]?.id);
        }
      }),
    );
  });
});

describe('the drawing of the search', () => {
  it('never places a child before its parent', () => {
    fc.assert(
      fc.property(candidates, (any) => {
        for (const { parent, child, from, to } of lineageEdges(any)) {
          expect(child.parent).toBe(parent.id);
          expect(from.calls).toBeLessThanOrEqual(to.calls);
        }
        const drawn = searchChart(traceOf(any))?.toString() ?? '';
        for (const [, from, to] of drawn.matchAll(
          /<path class="(?:edge|descent)"[^>]* d="M([\d.]+),[\d.]+L([\d.]+),/g,
        ))
          expect(Number(from)).toBeLessThanOrEqual(Number(to));
      }),
      { numRuns: 200 },
    );
  });

  it('has a line from each parent to its child, those of the descent set off', () => {
    const { search } = acceptedProposal();
    const chart = searchChart(search)?.toString() ?? '';
    const made = search.candidates.filter(({ parent }) => parent !== null).length;
    const edges = chart.match(/<path class="(edge|descent)"/g) ?? [];
    expect(edges).toHaveLength(made);
    expect(edges.filter((edge) => edge.includes('descent'))).toHaveLength(2);
    expect(chart).toContain('Its line of descent: 0, 4, 9.');
    expect(chart).toMatch(/<text class="ancestor"[^>]*>4<\/text>/);
  });

  it('starts a line at what was known of the parent when the child came', () => {
    const parent = candidate(0, null, {
      standings: [
        { calls: 10, rows: 5, mean: 0.2 },
        { calls: 30, rows: 10, mean: 0.4 },
        { calls: 90, rows: 60, mean: 0.3 },
      ],
    });
    const child = candidate(1, 0, { standings: [{ calls: 50, rows: 5, mean: 0.5 }] });
    expect(lineageEdges([parent, child])).toMatchObject([{ from: { calls: 30 }, to: { calls: 50 } }]);
  });

  it('marks what failed, and says what could not be drawn', () => {
    const chart = searchChart(
      traceOf([
        candidate(0, null),
        candidate(1, 0, { fate: 'failed' }),
        candidate(2, 0, { fate: 'failed', standings: [] }),
      ]),
    )?.toString();
    expect(chart).toContain('<circle class="point failed"');
    expect(chart).toContain('1 more could not be measured and are not drawn.');
  });
});

describe('the graph for GitHub', () => {
  const { candidates: searched } = acceptedProposal().search;

  it('draws the line thick and the siblings thin', () => {
    const [graph = ''] = lineageGraph(searched, 24);
    expect(graph).toMatch(/^```mermaid\nflowchart LR\n {2}n0\["0<br\/>the prompt as it was<br\/>/);
    expect(graph.match(/==>/g)).toHaveLength(2);
    expect(graph.match(/-->/g)?.length).toBeGreaterThan(3);
    expect(graph).toContain('class n0,n1,n2 descent');
  });

  it('is left out where the pick was made from nothing, and where there is no room', () => {
    expect(lineageGraph([candidate(0, null), candidate(1, null, { fate: 'picked' })], 24)).toEqual([]);
    expect(lineageGraph(searched, 0)).toEqual([]);
  });

  it('draws no more candidates than it may, and says how many it leaves out', () => {
    const [graph = '', note = ''] = lineageGraph(searched, 4);
    expect(graph.match(/^ {2}n\d+\[/gm)).toHaveLength(4);
    expect(note).toMatch(/^_Not drawn: \d+ siblings\._$/);
  });

  it('holds no more than labels and lines of its own, whatever a candidate is called', () => {
    const text = fc.oneof(
      fc.constantFrom(...hostileTexts),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"] --> n9', 'end', '%%{init: {}}%%', '`**a**`', '#quot;'),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 3, max: 24 }), (why, most) => {
        const [graph = ''] = lineageGraph(
          searched.map((each) => ({ ...each, why })),
          most,
        );
        const lines = graph.split('\n').slice(2, -1);
        for (const line of lines) {
          expect(line).toMatch(
            /^ {2}(n\d+\["[^"`<>{}[\]|%;&@]*(?:(?:<br\/>|#\d+;|\d %)[^"`<>{}[\]|%;&@]*)*"\]|n\d+ (==>|-->) n\d+|classDef descent stroke-width:3px|class n\d+(,n\d+)* descent)$/,
          );
        }
        expect(graph.match(/^```/gm)).toHaveLength(2);
      }),
    );
  });
});
