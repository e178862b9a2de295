import { expect, it } from 'vitest';
import { localTags } from '../../src/host/git-tags.ts';
import { git, remoteRepository } from './remote-repository.ts';

it('are all tags, annotated or not, also where a person has Git show them in columns', async () => {
  const clone = remoteRepository().clone();
  git(clone, 'tag', 'prompts/a@1.0.0');
  git(clone, 'tag', '-a', '-m', 'the second', 'prompts/é@1.0.0');
  git(clone, 'tag', 'v1');
  git(clone, 'config', 'column.ui', 'always');
  expect(await localTags(clone, 'prompts/')).toEqual(['prompts/a@1.0.0', 'prompts/é@1.0.0']);
});

it('are none outside of Git', async () => {
  expect(await localTags('/', 'prompts/')).toEqual([]);
});
