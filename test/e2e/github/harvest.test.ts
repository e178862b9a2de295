import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { createRandom } from '../../../src/statistics/random.ts';
import { type JobResult, runAction } from '../../emulator/runner.ts';
import { plantPersonalData } from '../../redaction/personal-data.ts';
import { type CallFields, logsLine, score, span, spanIds, spansLine } from '../../telemetry/otlp-lines.ts';
import { type Finished, openPlace, type Place } from './proposing-repository.ts';
import { isChange } from './requests.ts';

const branch = 'promptline-harvest/mail';
const trainFile = 'datasets/mail/train.yaml';
const unlabelledFile = 'datasets/mail/unlabelled.yaml';

const prompt = 'mail/reply';
const rows = (split: string) => ({
  examples: [1, 2, 3].map((index) => ({
    id: `${split}-${index}`,
    input: { text: `${split} letter ${index} about parcels` },
    expected: { reply: `We look into letter ${index} of ${split}.` },
  })),
});

const files = Object.fromEntries(
  Object.entries({
    'promptline.yaml': {
      version: 1,
      telemetry: { sources: [{ type: 'otlp-file', path: 'telemetry' }] },
      harvest: { redact: [{ name: 'staff_id', pattern: 'E-\\d{4}' }] },
      families: { mail: { datasets: 'datasets/mail', metrics: { rouge_l: { field: 'reply', weight: 1 } } } },
    },
    'prompts/mail/reply.prompt.yaml': {
      version: '1.0.0',
      model: 'local/model',
      output: { format: 'text', field: 'reply' },
      messages: [{ role: 'user', content: 'Answer: {{text}}' }],
    },
    ...Object.fromEntries(
      ['train', 'dev', 'test'].map((split) => [`datasets/mail/${split}.yaml`, rows(split)]),
    ),
  }).map(([file, content]) => [file, stringify(content, { lineWidth: 0 })]),
);

const nouns =
  'lamp river window garden engine bottle ticket forest ladder mirror planet saddle tunnel valley wagon zipper anchor button candle desert kettle curtain bicycle violin compass hammock trumpet basket carpet pillow'.split(
    ' ',
  );

/** Telemetry of calls with these texts, some of which failed, were liked or disliked; the answers repeat what was said. */
function telemetryOf(texts: readonly string[], more: Partial<CallFields> = {}): string {
  return texts
    .map((text, index) => {
      const own = spanIds();
      const at = index * 1000;
      const failed = index % 3 === 0;
      const fields = {
        at,
        user: `user ${index}`,
        version: index % 2 === 0 ? '1.0.0' : '1.1.0',
        prompt,
        failed,
        ...more,
      };
      const call = span(
        { ...fields, variables: { text }, ...(!failed && { answer: `You wrote: ${text}` }) },
        own,
        true,
      );
      const feedback = index % 3 === 1 ? 1 : index % 3 === 2 ? 0 : undefined;
      const said =
        feedback === undefined
          ? ''
          : logsLine(score({ at: at + 10, name: 'user_feedback', value: feedback }, own));
      return spansLine(call) + said;
    })
    .join('');
}

const strange = nouns
  .slice(0, 12)
  .map((noun, index) => `My ${noun} makes noises beside the ${nouns[index + 12]}`);

type Run = {
  outcome: string;
  url: string | null;
  why: string | null;
  rows: number;
  labelled: number;
  result: JobResult;
};

type RunOptions = { inputs?: Record<string, string>; inspect?: (workspace: string) => void };

async function run(place: Place, telemetry: string, options: RunOptions = {}): Promise<Run> {
  const result = await job(place, telemetry, options);
  expect({ code: result.exitCode, log: result.stdout }).toMatchObject({ code: 0 });
  const [harvested] = JSON.parse(result.outputs['harvested'] ?? '[]');
  return { ...harvested, result };
}

async function job(
  { emulator, repository, events }: Place,
  telemetry: string,
  { inputs = {}, inspect }: RunOptions,
): Promise<JobResult> {
  const token = emulator.tokens.workflow(repository, { contents: 'write', 'pull-requests': 'write' });
  return runAction({
    emulator,
    repository,
    event: await events.schedule('23 3 * * *'),
    token,
    inputs: { command: 'harvest', since: '2026-01-01', 'github-token': token, ...inputs },
    prepare(workspace) {
      mkdirSync(path.join(workspace, 'telemetry'));
      writeFileSync(path.join(workspace, 'telemetry/data.json'), telemetry);
    },
    ...(inspect && { inspect }),
  });
}

async function proposed(finished: Finished): Promise<Place> {
  const place = await openPlace(files, finished);
  expect(await run(place, telemetryOf(strange))).toMatchObject({ outcome: 'opened', rows: 12 });
  return place;
}

/** Personal data where no text of a row is: in names, ids, a field that no prompt asks for, and a line that is no telemetry. */
const elsewhere = [
  spansLine(
    span(
      {
        ...{ at: 5, user: 'mira.holt@example.org', version: 'mira.holt@example.org', prompt },
        ...{ variables: { text: 'The trumpet lost a valve', session: 'mira.holt@example.org' } },
        ...{ responseId: 'mira.holt@example.org', model: 'local/mira.holt@example.org' },
      },
      spanIds(),
      true,
    ),
  ),
  logsLine(
    score({ at: 6, name: 'ask mira.holt@example.org', value: 1, responseId: 'mira.holt@example.org' }),
  ),
  '{"resourceSpans": [{"gen_ai.prompt.name": "mira.holt@example.org"\n',
].join('');

/** What a job says to anyone. */
const said = ({ stdout, stderr, summary, outputs }: JobResult) => [
  ...[stdout, stderr, summary, JSON.stringify(outputs)],
];

/** Every text below a folder, file names included; telemetry itself aside. */
function textsBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && path.basename(entry.parentPath) !== 'telemetry')
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => `${file}\n${readFileSync(file, 'latin1')}\n${readFileSync(file, 'utf8')}`)
    .join('\n');
}

const idsIn = async (place: Place, from: string, file: string): Promise<string[]> => {
  const content = parse((await place.read(from, file)) ?? '[]');
  return (content.examples ?? content).map(({ id }: { id: string }) => id);
};

describe.concurrent('a harvest', () => {
  it('leaves no piece of personal data in a file, a log, a comment or a pull request, and proposes nothing new again', async ({
    onTestFinished,
  }) => {
    const place = await openPlace(files, onTestFinished);
    const random = createRandom('around them');
    const planted = plantPersonalData('test', 8002, 500).filter(({ kind }) => kind !== null);
    expect(planted).toHaveLength(500);
    expect(new Set(planted.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(10);
    const texts = planted.map(({ text }) => `${random.sample(nouns, 9).join(' ')}: ${text}`);
    const telemetry = telemetryOf([...texts, 'E-4711 has a question about the kettle']) + elsewhere;
    let left = '';
    const once = await run(place, telemetry, {
      inputs: { limit: '2000' },
      inspect: (workspace) => (left = textsBelow(workspace)),
    });
    expect(once.outcome).toBe('opened');
    expect(once.rows).toBeGreaterThan(450);
    const again = await run(place, telemetry, { inputs: { limit: '2000' } });
    expect(again).toMatchObject({ outcome: 'unchanged', rows: once.rows });
    expect(again.result.sent.filter(isChange)).toEqual([]);
    await place.commit('main', trainFile, `${files[trainFile]}license: MIT\n`);
    const failed = await job(place, telemetryOf(texts.slice(0, 28), { failed: false }) + elsewhere, {
      inputs: { limit: '2000' },
    });
    expect(failed).toMatchObject({
      outputs: { 'exit-code': '2' },
      stdout: expect.stringContaining('rows cannot be added'),
    });
    const everything = [
      ...[once.result, again.result, failed].flatMap(said),
      left,
      await place.emulator.everythingReceived(),
    ].join('\n');
    expect(everything).toContain('<EMAIL_1>');
    expect(everything).toContain('<STAFF_ID_1>');
    expect(
      [...planted.flatMap(({ parts }) => parts), 'E-4711', 'mira.holt'].filter((part) =>
        everything.includes(part),
      ),
    ).toEqual([]);
  });

  it('is one pull request with the rows, why they are there, what was taken out, and what a reviewer must do', async ({
    onTestFinished,
  }) => {
    const place = await openPlace(files, onTestFinished);
    const named = strange.map((text, index) =>
      index < 4 ? `${text}, says Priya Raman (priya@example.org)` : text,
    );
    const { rows: count, labelled, url } = await run(place, telemetryOf(named));
    expect({ count, labelled, url }).toEqual({
      count: 12,
      labelled: 4,
      url: expect.stringMatching(/\/pull\/1$/),
    });
    const [pull, ...others] = place.open();
    expect(others).toEqual([]);
    expect(pull?.title).toBe('Add 12 rows from production to mail');
    for (const text of [
      '4 rows with a reference',
      '8 rows without one',
      '| 4 | `failure` |',
      '| 4 | `low-feedback` |',
      '| 4 | `EMAIL` |',
      '| 4 | `PERSON` |',
      'Read every row.',
      'Repeat: `promptline harvest',
    ])
      expect(pull?.body).toContain(text);
    const train = await place.read(branch, trainFile);
    expect(train?.startsWith(files[trainFile] ?? '')).toBe(true);
    const added = parse(train ?? '').examples.slice(3);
    expect(added).toHaveLength(4);
    for (const { tags, expected, input } of added) {
      expect(tags).toEqual(['harvested', 'asked:2026-03', 'new-cluster', 'label:feedback']);
      expect(expected.reply).toBe(`You wrote: ${input.text}`);
    }
    expect(await idsIn(place, branch, unlabelledFile)).toHaveLength(8);
    const [commit, ...more] = await place.ahead(branch);
    expect(more).toEqual([]);
    expect(place.repository.verifiedCommits.has(commit?.sha ?? '')).toBe(true);
  });

  it('proposes nothing new when it is run again, before the merge and after it', async ({
    onTestFinished,
  }) => {
    const place = await proposed(onTestFinished);
    const again = await run(place, telemetryOf(strange));
    expect(again).toMatchObject({ outcome: 'unchanged', rows: 12 });
    expect(again.result.sent.filter(isChange)).toEqual([]);
    await place.person.rest.pulls.merge({ ...place.at, pull_number: 1 });
    const after = await run(place, telemetryOf(strange));
    expect(after).toMatchObject({ outcome: 'left', why: 'there is nothing new', rows: 0 });
    expect(after.result.sent.filter(isChange)).toEqual([]);
    expect(place.pulls()).toHaveLength(1);
  });

  it('adds new rows to the pull request that is open, and keeps those it has', async ({ onTestFinished }) => {
    const place = await proposed(onTestFinished);
    const before = await idsIn(place, branch, unlabelledFile);
    const fresh = 'The telescope shows nothing but fog';
    expect(await run(place, telemetryOf([fresh]))).toMatchObject({ outcome: 'updated', rows: 13 });
    const now = await idsIn(place, branch, unlabelledFile);
    expect(now.slice(0, before.length)).toEqual(before);
    expect(now).toHaveLength(before.length + 1);
    expect(await place.ahead(branch)).toHaveLength(1);
  });

  it('takes out of its rows what a rule names that was added since', async ({ onTestFinished }) => {
    const place = await proposed(onTestFinished);
    expect(await place.read(branch, unlabelledFile)).toContain('kettle');
    const rules = (files['promptline.yaml'] ?? '')
      .replace('staff_id', 'thing')
      .replace(/pattern: .*/, 'pattern: kettle');
    await place.commit('main', 'promptline.yaml', rules);
    expect(await run(place, telemetryOf(strange))).toMatchObject({ outcome: 'updated', rows: 12 });
    expect(await place.read(branch, unlabelledFile)).toContain('<THING_1>');
    expect(await place.read(branch, unlabelledFile)).not.toContain('kettle');
  });

  it("keeps a person's commit, whatever is found", async ({ onTestFinished }) => {
    const place = await proposed(onTestFinished);
    const theirs = await place.commit(
      branch,
      trainFile,
      (await place.read(branch, trainFile))?.replace('You wrote', 'They wrote') ?? '',
    );
    expect(await run(place, telemetryOf(['The telescope shows nothing but fog']))).toMatchObject({
      outcome: 'left',
      why: `someone committed to its branch (${theirs.slice(0, 10)})`,
    });
    expect(await place.repository.git.resolve(`refs/heads/${branch}`)).toBe(theirs);
  });

  it('does not bring back what people turned down', async ({ onTestFinished }) => {
    const place = await proposed(onTestFinished);
    await place.person.rest.pulls.update({ ...place.at, pull_number: 1, state: 'closed' });
    expect(await run(place, telemetryOf(strange))).toMatchObject({
      outcome: 'left',
      why: 'there is nothing new',
    });
    const fresh = 'The telescope shows nothing but fog';
    expect(await run(place, telemetryOf([...strange, fresh]))).toMatchObject({ outcome: 'opened', rows: 1 });
  });

  it('names the best version of the period', async ({ onTestFinished }) => {
    const place = await openPlace(files, onTestFinished);
    const users = Array.from({ length: 40 }, (_, index) => `letter ${index}`);
    const telemetry =
      telemetryOf(users, { version: '1.0.0', failed: true }) +
      telemetryOf(users, { version: '1.1.0', failed: false });
    const { result } = await run(place, telemetry);
    const versions = JSON.parse(result.outputs['versions'] ?? '[]');
    expect(versions.find(({ metric }: { metric: string }) => metric === 'success')).toMatchObject({
      prompt,
      best: '1.1.0',
      versions: [
        { version: '1.1.0', users: 40 },
        { version: '1.0.0', users: 40 },
      ],
    });
  });
});
