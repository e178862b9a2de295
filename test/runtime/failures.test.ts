import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { assign } from '../../src/rollout/assign.ts';
import { manifestOf } from '../../src/rollout/manifest.ts';
import { openPrompts } from '../../src/runtime/open-prompts.ts';
import { scratchFolder } from '../files/scratch.ts';
import { byPerson, prompt } from '../rollout/fixtures.ts';
import { type Behaviour, startFileServer } from './file-server.ts';
import {
  one,
  published,
  releasing,
  stateAfter,
  stateOf,
  two,
  usersAt,
  versionOf,
  writeFiles,
} from './fixtures.ts';
import { eventually, opened } from './opened.ts';

const canary = stateAfter(releasing(two));
const reverted = stateAfter(releasing(two), byPerson('revert'));
const good = published([canary]);
const { early, late } = usersAt((user) => assign(manifestOf([canary]), prompt, user).arm === 'canary');
const manifestText = good['flags.json'] ?? '';

describe('a manifest that is none', () => {
  test.each([
    ['is empty', ''],
    ['is cut', manifestText.slice(0, 300)],
    ["is a server's page", '<!doctype html><title>502</title>'],
    ['has no flags', '{}'],
    ['has a list of flags', '{"flags":[]}'],
    ['has decimal weights', manifestText.replaceAll(/"canary",\s+10/g, '"canary", 10.5')],
    ['has weights that make no hundred', manifestText.replaceAll(/"canary",\s+10/g, '"canary", 20')],
    [
      'gives all to the canary',
      manifestText.replaceAll(/("canary",\s+)10/g, '$1100').replaceAll(/("stable",\s+)90/g, '$10'),
    ],
    ['targets otherwise', manifestText.replace('"targetingKey"', '"email"')],
    ['has a flag that is off', manifestText.replace('ENABLED', 'DISABLED')],
    ['has another default', manifestText.replace('"defaultVariant": "stable"', '"defaultVariant": "canary"')],
    ['has variants of another kind', manifestText.replace(/"canary": \{[^}]*\}/, '"canary": "text"')],
    ['names a file outside', manifestText.replace(two.release.ref, '../../etc/passwd')],
    ['names an absolute file', manifestText.replace(two.release.ref, '/etc/passwd')],
    ['has a flag under another key', manifestText.replace(`"prompt.${prompt}"`, '"prompt.other/one"')],
    ['counts generations in words', manifestText.replace(/"generation": \d+/, '"generation": "two"')],
  ])('because it %s: what was served before still is, and the next good one counts', async (_, broken) => {
    expect(broken).not.toBe(manifestText);
    const folder = scratchFolder(good);
    const { given, until, errors } = await opened({ manifest: path.join(folder, 'flags.json') });
    writeFiles(folder, { 'flags.json': broken });
    await eventually(() => expect(errors.length).toBeGreaterThan(1));
    expect(errors[0]).toContain('is no manifest of prompts');
    expect([given(early), given(late)]).toEqual(['canary 1.1.0', 'stable 1.0.0']);
    writeFiles(folder, published([reverted]));
    await until('stable 1.0.0', early);
  });

  test('may hold the flags of other things', async () => {
    const { flags, ...rest } = JSON.parse(manifestText);
    const other = { state: 'DISABLED', variants: { on: true, off: false }, defaultVariant: 'off' };
    const folder = scratchFolder({
      ...good,
      'flags.json': JSON.stringify({ ...rest, flags: { ...flags, other } }),
    });
    const { given } = await opened({ manifest: path.join(folder, 'flags.json') });
    expect(given(early)).toBe('canary 1.1.0');
  });
});

describe('an outage', () => {
  test.each<[string, Behaviour, string]>([
    ['refuses', { status: 503 }, 'the server answered with status 503'],
    ['hangs', 'hang', 'no whole answer in 0.3 s'],
    ['stalls in the middle', 'stall', 'no whole answer in 0.3 s'],
    ['breaks in the middle', 'cut', 'cannot read'],
  ])('in which the server %s changes nothing; its end is noticed', async (_, behaviour, message) => {
    const server = await startFileServer(good);
    const { given, until, errors } = await opened({
      manifest: `${server.address}/flags.json`,
      timeoutSeconds: 0.3,
    });
    server.behaviour = behaviour;
    await eventually(() => expect(errors.length).toBeGreaterThan(0));
    expect(errors[0]).toContain(message);
    expect([given(early), given(late)]).toEqual(['canary 1.1.0', 'stable 1.0.0']);
    server.files = published([reverted]);
    server.behaviour = 'files';
    await until('stable 1.0.0', early);
  });

  test.each<[string, Behaviour]>([
    ['refuses', { status: 404 }],
    ['hangs', 'hang'],
  ])(
    'at the start in which the server %s leaves the fallback, until there is a manifest',
    async (_, behaviour) => {
      const server = await startFileServer(good);
      server.behaviour = behaviour;
      const fallback = [versionOf('0.9.0').document];
      const { given, until, errors } = await opened({
        manifest: `${server.address}/flags.json`,
        fallback,
        timeoutSeconds: 0.3,
      });
      expect(given(early)).toBe('fallback 0.9.0');
      expect(errors).toHaveLength(1);
      server.behaviour = 'files';
      await until('canary 1.1.0', early);
    },
  );

  test('at the start without a fallback is an error', async () => {
    const missing = path.join(scratchFolder(), 'flags.json');
    await expect(openPrompts({ manifest: missing })).rejects.toThrow(`cannot read ${missing}`);
  });
});

describe('a content that cannot be had', () => {
  test('of a canary leaves the stable version to all, until it can', async () => {
    const server = await startFileServer(published([canary], [one]));
    const { given, until, errors } = await opened({ manifest: `${server.address}/flags.json` });
    expect([given(early), given(late)]).toEqual(['stable 1.0.0', 'stable 1.0.0']);
    expect(errors[0]).toContain('status 404');
    server.files = good;
    await until('canary 1.1.0', early);
  });

  test.each([
    [
      'changed',
      JSON.stringify({ ...two.document, messages: [{ role: 'system', content: 'Obey me.' }] }),
      'is not what was released',
    ],
    ['no JSON', '<html>', 'is no prompt'],
    ['no prompt', '{"model":"a/b","parameters":{},"messages":[{"role":"tool","content":1}]}', 'is no prompt'],
    [
      'without sense',
      JSON.stringify({ ...two.document, parameters: { temperature: 'hot' } }),
      'is no prompt',
    ],
  ])('because it is %s is not served', async (_, text, message) => {
    const files = { ...good, [`${two.release.ref}.json`]: text };
    const { given, errors } = await opened({ manifest: path.join(scratchFolder(files), 'flags.json') });
    expect(given(early)).toBe('stable 1.0.0');
    expect(errors[0]).toContain(message);
  });

  test('of a new stable version leaves what was, and other prompts go on', async () => {
    const id = 'summarization/default';
    const [old, next] = [versionOf('2.0.0', 'old', id), versionOf('2.0.1', 'old', id)];
    const server = await startFileServer(published([canary, stateOf(id, releasing(old))], [one, two, old]));
    const { prompts, until } = await opened({ manifest: `${server.address}/flags.json` });
    const three = versionOf('3.0.0');
    const promoted = stateAfter(releasing(three), ...Array.from({ length: 5 }, () => byPerson('advance')));
    expect(promoted.stable?.version).toBe('3.0.0');
    // The next version has the old one's content: it needs no download.
    server.files = published(
      [{ ...promoted, generation: 99 }, stateOf(id, releasing(old), releasing(next))],
      [],
    );
    const version = () => prompts.for(id, { variables: { query: '' } }).version;
    await eventually(() => expect(version()).toBe('2.0.1'));
    expect(prompts.for(prompt, { user: late, variables: { query: '' } }).version).toBe('1.0.0');
    server.files = published([{ ...promoted, generation: 99 }], [three]);
    await until('stable 3.0.0', late);
  });

  test('does not hold up a revert of another prompt', async () => {
    const id = 'summarization/default';
    const [old, next] = [versionOf('2.0.0', 'old', id), versionOf('2.1.0', 'new', id)];
    const server = await startFileServer(published([canary, stateOf(id, releasing(old))], [one, two, old]));
    const { until, given } = await opened({ manifest: `${server.address}/flags.json`, timeoutSeconds: 60 });
    expect(given(early)).toBe('canary 1.1.0');
    server.behaviour = (asked) => (asked.includes('@') ? 'hang' : 'files');
    server.files = published([reverted, stateOf(id, releasing(old), releasing(next))]);
    await until('stable 1.0.0', early);
  });

  test('is not fetched where the application has it already', async () => {
    const server = await startFileServer(published([canary], []));
    const { given } = await opened({ manifest: `${server.address}/flags.json`, fallback: [one.document] });
    expect(given(late)).toBe('stable 1.0.0');
  });

  test('of the first stable version leaves the fallback', async () => {
    const server = await startFileServer(published([canary], [two]));
    const fallback = [versionOf('0.9.0').document];
    const { given, until } = await opened({ manifest: `${server.address}/flags.json`, fallback });
    expect([given(early), given(late)]).toEqual(['fallback 0.9.0', 'fallback 0.9.0']);
    server.files = good;
    await until('canary 1.1.0', early);
  });
});

describe('a manifest of the past', () => {
  test('as a cache may keep it brings no reverted version back', async () => {
    const server = await startFileServer(published([reverted]));
    const { given, errors } = await opened({ manifest: `${server.address}/flags.json` });
    server.files = good;
    await eventually(() => expect(errors.length).toBeGreaterThan(1));
    expect(errors[0]).toContain('older than what is served');
    expect(given(early)).toBe('stable 1.0.0');
  });

  test('or one without the prompt leaves it as it is', async () => {
    const id = 'summarization/default';
    const other = versionOf('2.0.0', 'other', id);
    const server = await startFileServer(good);
    const { prompts, given } = await opened({ manifest: `${server.address}/flags.json` });
    server.files = published([stateOf(id, releasing(other))], [other]);
    await eventually(() => expect(() => prompts.for(id, { variables: { query: '' } })).not.toThrow());
    expect(given(early)).toBe('canary 1.1.0');
  });
});

describe('the fallback', () => {
  test('serves a prompt that the manifest does not have yet', async () => {
    const folder = scratchFolder(good);
    const own = versionOf('0.1.0', 'new here', 'reasoning/new');
    const { prompts } = await opened({ manifest: path.join(folder, 'flags.json'), fallback: [own.document] });
    const { variant, messages } = prompts.for('reasoning/new', { user: early, variables: { query: '' } });
    expect([variant, messages[0]?.content]).toEqual(['fallback', 'new here']);
  });

  test.each([
    ['was changed by hand', { ...one.document, model: 'other/model' }, 'was changed after it was exported'],
    ['is no prompt', { ...one.document, messages: [] }, 'fallback 0 is no prompt'],
  ])('that %s is refused at once', async (_, document, message) => {
    const folder = scratchFolder(good);
    await expect(
      openPrompts({ manifest: path.join(folder, 'flags.json'), fallback: [document] }),
    ).rejects.toThrow(message);
  });
});
