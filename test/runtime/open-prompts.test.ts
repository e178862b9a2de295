import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { assign } from '../../src/rollout/assign.ts';
import { manifestOf } from '../../src/rollout/manifest.ts';
import { openPrompts } from '../../src/runtime/open-prompts.ts';
import type { PromptChange } from '../../src/runtime/types.ts';
import { scratchFolder } from '../files/scratch.ts';
import { byPerson, prompt } from '../rollout/fixtures.ts';
import { startFileServer } from './file-server.ts';
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

const stable = stateAfter();
const canary = stateAfter(releasing(two));
const { early, late } = usersAt((user) => assign(manifestOf([canary]), prompt, user).arm === 'canary');
const variables = { query: 'play some jazz' };

describe('the prompt for a user', () => {
  test('comes from files, filled, with all that is sent', async () => {
    const folder = scratchFolder(published([canary]));
    const { prompts, given } = await opened({ manifest: path.join(folder, 'flags.json') });
    const { messages, ...rest } = prompts.for(prompt, { user: early, variables });
    expect(messages).toEqual([
      { role: 'system', content: 'words of 1.1.0' },
      { role: 'user', content: 'Query: play some jazz' },
    ]);
    expect(rest).toMatchObject({
      id: prompt,
      version: '1.1.0',
      variant: 'canary',
      model: 'openai/gpt-5-mini',
      parameters: { temperature: 0, maxTokens: 16 },
    });
    expect([given(late), given(), given('')]).toEqual(['stable 1.0.0', 'stable 1.0.0', 'stable 1.0.0']);
  });

  test('comes from a file: address, with the contents elsewhere', async () => {
    const folder = scratchFolder();
    const { 'flags.json': manifest = '', ...contents } = published([canary]);
    writeFiles(path.join(folder, 'rollouts'), { 'flags.json': manifest });
    writeFiles(path.join(folder, 'contents'), contents);
    const { given } = await opened({
      manifest: pathToFileURL(path.join(folder, 'rollouts', 'flags.json')),
      contents: '../contents/{ref}.json',
    });
    expect(given(early)).toBe('canary 1.1.0');
  });

  test('comes over HTTP; what is unchanged is not sent again', async () => {
    const server = await startFileServer(published([canary]));
    const { given, errors } = await opened({ manifest: `${server.address}/flags.json` });
    expect([given(early), given(late)]).toEqual(['canary 1.1.0', 'stable 1.0.0']);
    await eventually(() =>
      expect(server.requests.filter(({ status }) => status === 304).length).toBeGreaterThan(2),
    );
    expect(
      server.requests
        .filter(({ status }) => status === 200)
        .map((request) => request.path)
        .sort(),
    ).toEqual(['flags.json', `prompts/${prompt}@1.0.0.json`, `prompts/${prompt}@1.1.0.json`]);
    expect(errors).toEqual([]);
  });

  test('needs its variables: a missing one is named, another is passed over', async () => {
    const folder = scratchFolder(published([stable]));
    const { prompts } = await opened({ manifest: path.join(folder, 'flags.json') });
    expect(() => prompts.for(prompt, { variables: { text: 'jazz' } })).toThrow(
      `the prompt ${prompt} 1.0.0 needs "query"`,
    );
    const { messages } = prompts.for(prompt, { variables: { query: '{{text}} $&', text: 'jazz' } });
    expect(messages[1]?.content).toBe('Query: {{text}} $&');
  });

  test('of an unknown prompt is none: the nearest is named', async () => {
    const folder = scratchFolder(published([stable]));
    const { prompts } = await opened({ manifest: path.join(folder, 'flags.json') });
    expect(() => prompts.for('query_processing/defualt', { variables })).toThrow('is not served');
    expect(() => prompts.for('__proto__', { variables })).toThrow('is not served');
  });
});

describe('while an application runs', () => {
  test('steps, the last one and a revert take effect by the next poll', async () => {
    const server = await startFileServer(published([stable]));
    const changes: PromptChange[] = [];
    const { until } = await opened({
      manifest: `${server.address}/flags.json`,
      onChange: (changed) => changes.push(...changed),
    });
    server.files = published([canary]);
    await until('canary 1.1.0', early);
    server.files = published([
      stateAfter(releasing(two), ...Array.from({ length: 4 }, () => byPerson('advance'))),
    ]);
    await until('stable 1.1.0', late);
    server.files = published([
      stateAfter(releasing(two), ...Array.from({ length: 4 }, () => byPerson('advance')), byPerson('revert')),
    ]);
    await until('stable 1.0.0', early);
    const served = changes.map((change) => `${change.stable} ${change.canary} ${change.percent}`);
    // A canary whose content is still on its way is nobody's; that is no change to be told.
    expect(served).toEqual(['1.0.0 null 0', '1.0.0 1.1.0 10', '1.1.0 null 0', '1.0.0 null 0']);
  });

  test('a manifest that is being written is never half in effect', async () => {
    const folder = scratchFolder(published([canary]));
    const file = path.join(folder, 'flags.json');
    const { prompts, errors } = await opened({ manifest: file, pollSeconds: 0.001 });
    const full = [stable, canary, stateAfter(releasing(two), byPerson('advance'))];
    const seen = new Set<string>();
    for (let round = 0; round < 60; round++) {
      const text = published([full[round % 3] ?? stable])['flags.json'] ?? '';
      for (const part of [text.slice(0, text.length / 2), text]) {
        writeFileSync(file, part);
        await new Promise((done) => setTimeout(done, 2));
        for (const user of [early, late]) {
          const { version, messages } = prompts.for(prompt, { user, variables });
          expect(messages[0]?.content).toBe(`words of ${version}`);
          seen.add(version);
        }
      }
    }
    expect(seen).toEqual(new Set(['1.0.0', '1.1.0']));
    expect(errors.some((error) => error.includes('is no manifest of prompts'))).toBe(true);
  });

  test.each([{ pollSeconds: Number.NaN }, { pollSeconds: 0 }, { timeoutSeconds: -1 }])(
    '%j is refused before anything is asked',
    async (times) => {
      const server = await startFileServer(published([canary]));
      const opening = openPrompts({ manifest: `${server.address}/flags.json`, ...times });
      await expect(opening).rejects.toThrow(`${Object.keys(times)[0]} must be a number of seconds`);
      expect(server.requests).toEqual([]);
    },
  );

  test('closing ends polling, and what is served stays', async () => {
    const server = await startFileServer(published([canary]));
    const { prompts, given, errors } = await opened({ manifest: `${server.address}/flags.json` });
    server.behaviour = 'hang';
    await eventually(() => expect(server.requests.length).toBeGreaterThan(3));
    prompts.close();
    const { length } = server.requests;
    await new Promise((done) => setTimeout(done, 500));
    expect(server.requests).toHaveLength(length);
    expect(errors).toEqual([]);
    expect(given(early)).toBe('canary 1.1.0');
  });

  test('its own callbacks may throw', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const server = await startFileServer(published([stable]));
    const { until } = await opened({
      manifest: `${server.address}/flags.json`,
      onChange: () => {
        throw new Error('the application failed');
      },
      onError: () => {
        throw new Error('the application failed too');
      },
    });
    server.behaviour = { status: 500 };
    await eventually(() =>
      expect(warned).toHaveBeenCalledWith('the application failed too', 'PromptlineWarning'),
    );
    [server.behaviour, server.files] = ['files', published([canary])];
    await until('canary 1.1.0', early);
    expect(warned).toHaveBeenCalledWith('the application failed', 'PromptlineWarning');
    warned.mockRestore();
  });
});

describe('what is secret', () => {
  test('headers go to the origin of the manifest, and to no other', async () => {
    const contents = await startFileServer(published([canary]));
    const own = await startFileServer(published([canary]));
    const headers = { authorization: 'Bearer secret' };
    const apart = await opened({
      manifest: `${own.address}/flags.json`,
      contents: `${contents.address}/{ref}.json`,
      headers,
    });
    expect(apart.given(early)).toBe('canary 1.1.0');
    expect(own.requests[0]?.headers.authorization).toBe('Bearer secret');
    expect(contents.requests.map((request) => request.headers.authorization)).toEqual([undefined, undefined]);
    await opened({ manifest: `${own.address}/flags.json`, headers });
    expect(own.requests.every((request) => request.headers.authorization === 'Bearer secret')).toBe(true);
  });

  test('headers follow a redirect within the origin, and none to another one', async () => {
    const storage = await startFileServer(published([canary]));
    const own = await startFileServer(published([canary]));
    own.behaviour = (path) => {
      if (path === 'latest.json') return { redirect: '/flags.json' };
      return path === 'flags.json' ? { redirect: `${storage.address}/flags.json` } : 'files';
    };
    const { given } = await opened({
      manifest: `${own.address}/latest.json`,
      headers: { 'private-token': 'secret' },
    });
    expect(given(early)).toBe('canary 1.1.0');
    expect(own.requests.every(({ headers }) => headers['private-token'] === 'secret')).toBe(true);
    await eventually(() =>
      expect(storage.requests.slice(0, 2).map(({ status }) => status)).toEqual([200, 304]),
    );
    expect(storage.requests.map(({ headers }) => headers['private-token'])).not.toContain('secret');
  });

  test.each([
    ['to itself', '/flags.json', 'is redirected more than 10 times'],
    ['to a text', 'data:application/json,{"flags":{}}', 'is redirected to data:'],
    ['to a file', 'file:///etc/passwd', 'is redirected to file:'],
  ])('a redirect %s is an outage', async (_, redirect, message) => {
    const server = await startFileServer();
    server.behaviour = { redirect };
    await expect(openPrompts({ manifest: `${server.address}/flags.json` })).rejects.toThrow(message);
  });

  test('the user and password of an address are in no error', async () => {
    const server = await startFileServer(published([canary]));
    const manifest = `${server.address.replace('//', '//somebody:secret@')}/flags.json`;
    const failed = openPrompts({ manifest });
    await expect(failed).rejects.toThrow('belong into `headers`');
    await expect(failed).rejects.not.toThrow(/secret/);
  });

  test('the query of an address is in no error', async () => {
    const server = await startFileServer();
    await expect(openPrompts({ manifest: `${server.address}/flags.json?signature=secret` })).rejects.toThrow(
      `cannot read ${server.address}/flags.json: the server answered with status 404`,
    );
  });
});

test.each([
  ['a manifest by another protocol', { manifest: 'ftp://example.com/flags.json' }, 'no manifest can be read'],
  ['a manifest that is no address', { manifest: 'http://' }, 'no manifest can be read'],
  [
    'contents without a place for the tag',
    { manifest: 'flags.json', contents: 'prompt.json' },
    'is no address of releases',
  ],
])('%s is refused at once', async (_, options, message) => {
  await expect(openPrompts(options)).rejects.toThrow(message);
});

test('two prompts may have the same content, and one its own', async () => {
  const others = ['a/one', 'a/two'].map((id) => stateOf(id, releasing(versionOf('3.0.0', 'the same', id))));
  const files = published(
    [stable, ...others],
    [one, versionOf('3.0.0', 'the same', 'a/one'), versionOf('3.0.0', 'the same', 'a/two')],
  );
  const { prompts } = await opened({ manifest: path.join(scratchFolder(files), 'flags.json') });
  const words = [prompt, 'a/one', 'a/two'].map((id) => prompts.for(id, { variables }).messages[0]?.content);
  expect(words).toEqual(['words of 1.0.0', 'the same', 'the same']);
});
