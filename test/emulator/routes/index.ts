import type { Route } from '../call.ts';
import { actionRoutes } from './actions.ts';
import { assetRoutes } from './assets.ts';
import { branchRoutes } from './branches.ts';
import { checkRoutes } from './checks.ts';
import { commentRoutes } from './comments.ts';
import { commitRoutes } from './commits.ts';
import { contentRoutes } from './contents.ts';
import { gitObjectRoutes } from './git-objects.ts';
import { gitReferenceRoutes } from './git-references.ts';
import { issueRoutes } from './issues.ts';
import { labelRoutes } from './labels.ts';
import { mergeRoutes } from './merge.ts';
import { pullRoutes } from './pulls.ts';
import { releaseRoutes } from './releases.ts';
import { statusRoutes } from './statuses.ts';
import { userRoutes } from './users.ts';

/** Every operation that the emulator answers. `scripts/github-contract.ts` takes these from GitHub's description. */
export const routes: readonly Route[] = [
  ...actionRoutes,
  ...assetRoutes,
  ...branchRoutes,
  ...checkRoutes,
  ...commentRoutes,
  ...commitRoutes,
  ...contentRoutes,
  ...gitObjectRoutes,
  ...gitReferenceRoutes,
  ...issueRoutes,
  ...labelRoutes,
  ...mergeRoutes,
  ...pullRoutes,
  ...releaseRoutes,
  ...statusRoutes,
  ...userRoutes,
];
