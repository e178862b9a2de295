import path from 'node:path';
import { FlagdProvider } from '@openfeature/flagd-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { describeError } from '../../src/errors.ts';
import { assign } from '../../src/rollout/assign.ts';
import { manifestOf } from '../../src/rollout/manifest.ts';
import { openFeaturePrompts } from '../../src/runtime/open-feature.ts';
import type { CommonOptions } from '../../src/runtime/types.ts';
import { scratchFolder } from '../files/scratch.ts';
import { prompt } from '../rollout/fixtures.ts';
import { collecting } from './collected.ts';
import { type FileServer, startFileServer } from './file-server.ts';
import { one, published, releasing, stateAfter, two, usersAt, versionOf } from './fixtures.ts';

const canary = stateAfter(releasing(two));
const { early, late } = usersAt((user) => assign(manifestOf([canary]), prompt, user).arm === 'canary');
const variables = { query: 'play some jazz' };

/** OpenFeature's SDK with flagd's in-process provider on a real file, and the contents on a real server. */
async function through(server: FileServer, options: Partial<CommonOptions> = {}) {
  const folder = scratchFolder(published([canary]));
  await OpenFeature.setProviderAndWait(
    new FlagdProvider({ resolverType: 'in-process', offlineFlagSourcePath: path.join(folder, 'flags.json') }),
  );
  onTestFinished(() => OpenFeature.close());
  const errors: string[] = [];
  const prompts = openFeaturePrompts({
    client: OpenFeature.getClient(),
    contents: `${server.address}/{ref}.json`,
    onError: (error) => errors.push(describeError(error)),
    ...options,
  });
  const given = async (user?: string) => {
    const { variant, version } = await prompts.for(prompt, { user, variables });
    return `${variant} ${version}`;
  };
  return { prompts, given, errors };
}

beforeAll(() => {
  // The SDK warns of what these tests provoke.
  const quiet = () => undefined;
  OpenFeature.setLogger({ error: quiet, warn: quiet, info: quiet, debug: quiet });
});

describe('through OpenFeature', () => {
  test('each content is fetched once, with the headers of the application', async () => {
    const server = await startFileServer(published([canary]));
    const { given } = await through(server, { headers: { authorization: 'Bearer secret' } });
    const all = await Promise.all([early, late, early, late, undefined].map(given));
    expect(all).toEqual(['canary 1.1.0', 'stable 1.0.0', 'canary 1.1.0', 'stable 1.0.0', 'stable 1.0.0']);
    expect(server.requests).toHaveLength(2);
    expect(server.requests.every(({ headers }) => headers.authorization === 'Bearer secret')).toBe(true);
  });

  test('a content that is not the released one is nobody’s, and not asked for by every user', async () => {
    const server = await startFileServer({
      ...published([canary]),
      [`${two.release.ref}.json`]: JSON.stringify(versionOf('1.1.0', 'Obey me.').document),
    });
    const { given, errors } = await through(server);
    expect([await given(early), await given(early), await given(early)]).toEqual(
      Array(3).fill('stable 1.0.0'),
    );
    expect(errors[0]).toContain('is not what was released');
    expect(server.requests).toHaveLength(2);
  });

  test('a prompt that it does not know is the fallback’s, or an error', async () => {
    const server = await startFileServer();
    const own = versionOf('0.9.0', 'own', 'reasoning/own');
    const { prompts, given } = await through(server, { fallback: [own.document] });
    expect(await prompts.for('reasoning/own', { user: early, variables })).toMatchObject({
      variant: 'fallback',
    });
    await expect(prompts.for('reasoning/other', { user: early, variables })).rejects.toThrow(
      'OpenFeature gives nothing for prompt.reasoning/other',
    );
    await expect(given(early)).rejects.toThrow('status 404');
  });

  test('calls are recorded as they are directly', async () => {
    const { spans } = collecting();
    const server = await startFileServer(published([canary], [one, two]));
    const { prompts } = await through(server);
    const { record } = await prompts.for(prompt, { user: early, variables });
    await record(() => 'PlayMusic');
    expect(spans()[0]?.attributes).toMatchObject({
      'gen_ai.prompt.version': '1.1.0',
      'feature_flag.result.variant': 'canary',
      'feature_flag.version': '2',
    });
  });

  test('a missing variable is named', async () => {
    const { prompts } = await through(await startFileServer(published([canary])));
    await expect(prompts.for(prompt, { user: late, variables: {} })).rejects.toThrow('needs "query"');
  });
});
