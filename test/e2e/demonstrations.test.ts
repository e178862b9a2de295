import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { startProtocolServer } from '../protocol-server/server.ts';
import { reportIn, run } from './in-process.ts';
import { concurrency, labelAnswers, labelRepository } from './label-repository.ts';

/** What the model says where it is right: in a reference answer stands the colour alone. */
const ownWords = Object.fromEntries(
  Object.entries(labelAnswers).map(([text, color]) => [text, `so: ${color} "it" is`]),
);

/** Colours in free text, from a model that learns from its own words and not from reference answers. */
async function repository() {
  const server = await startProtocolServer({
    answers: { rule: 'skill', labels: ownWords, start: 0.35, gain: 0.2 },
  });
  const { root, remove } = labelRepository(server.address, { calls: 400 });
  onTestFinished(async () => {
    await server.close();
    remove();
  });
  writeFileSync(
    path.join(root, 'promptline.yaml'),
    stringify({
      models: { task: 'local/model' },
      concurrency,
      providers: { local: { type: 'openai-compatible', baseUrl: `${server.address}/v1` } },
      families: {
        colors: {
          datasets: 'datasets/colors',
          metrics: { closeness: { use: 'token_f1', field: 'color', weight: 1 } },
          optimize: { calls: 400, maxDemonstrations: 8, ablation: 40 },
        },
      },
    }),
  );
  const file = path.join(root, 'prompts/colors/default.prompt.yaml');
  writeFileSync(
    file,
    stringify({
      version: '1.0.0',
      output: { format: 'text', field: 'color' },
      messages: [
        { role: 'system', content: 'Name the color. Say why.' },
        { role: 'user', content: 'Text: {{text}}' },
      ],
    }),
  );
  return { root, file, requests: () => server.stats().requests };
}

it('finds demonstrations in the words of the model where reference answers teach nothing, and writes what it measured', async () => {
  const { root, file, requests } = await repository();
  const optimize = async (strategy: string, ...options: string[]) => {
    const out = path.join(root, strategy);
    expect(await run(root, ['optimize', '--strategy', strategy, '--out', out, ...options])).toMatchObject({
      code: 0,
    });
    return reportIn(out).proposals?.[0] ?? expect.fail('no proposal');
  };
  const plain = await optimize('search');
  expect(plain.accepted).toBe(false);

  const { accepted, search, head, ablation, calls, usage } = await optimize('demonstrations', '--write');
  expect(accepted).toBe(true);
  const picked = search.candidates.find(({ fate }) => fate === 'picked');
  expect(
    picked?.choices.demonstrations.filter((id) => id.startsWith('answered-train-')).length,
  ).toBeGreaterThan(2);
  expect(readFileSync(file, 'utf8')).toContain('so: ');
  expect(calls).toBe(search.calls + 120 + (ablation?.calls ?? 0));
  expect(usage.calls).toBe(calls);

  // The file asks what was measured, to the byte: every answer is in the store.
  const asked = requests();
  const out = path.join(root, 'evaluated');
  expect(await run(root, ['evaluate', '--out', out])).toMatchObject({ code: 0 });
  expect(requests()).toBe(asked);
  expect(reportIn(out).prompts[0]?.objective.mean).toBe(head?.objective.mean);
});
