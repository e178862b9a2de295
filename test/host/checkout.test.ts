import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { checkoutOf } from '../../src/host/checkout.ts';
import { scratchFolder } from '../files/scratch.ts';
import { git, remoteRepository } from './remote-repository.ts';

/** A clone with a folder in it, and another name of the clone. */
function linkedClone() {
  const clone = remoteRepository().clone();
  mkdirSync(path.join(clone, 'apps/shop'), { recursive: true });
  const link = path.join(scratchFolder(), 'by another name');
  symlinkSync(clone, link);
  return { clone, link };
}

it('is named as the folder in it is, also through a symbolic link, so that paths between both stay inside', async () => {
  const { clone, link } = linkedClone();
  expect(await checkoutOf(path.join(clone, 'apps/shop'))).toBe(clone);
  expect(await checkoutOf(path.join(link, 'apps/shop'))).toBe(link);
  expect(await checkoutOf(link)).toBe(link);
});

it('is found from a folder that is itself a link to one deeper in it', async () => {
  const { clone } = linkedClone();
  symlinkSync(path.join(clone, 'apps/shop'), path.join(clone, 'shop'));
  expect(await checkoutOf(path.join(clone, 'shop'))).toBe(git(clone, 'rev-parse', '--show-toplevel'));
});

it('is the folder itself outside of Git', async () => {
  expect(await checkoutOf('/')).toBe('/');
});
