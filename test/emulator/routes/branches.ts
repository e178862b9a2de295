import { type Call, ok, part, type Reply, type Route, repositoryOf } from '../call.ts';
import { ApiFailure } from '../failures.ts';
import { listed } from '../paging.ts';
import { nodeId, type Protection, type Schemas } from '../state.ts';
import { administers, reads } from '../tokens.ts';
import { commitView } from '../views/commits.ts';
import { fullRepositoryView, pageUrl, repositoryUrl } from '../views/repositories.ts';

export const branchRoutes: readonly Route[] = [
  { id: 'repos/get', needs: reads('metadata'), answer: getRepository },
  { id: 'repos/list-branches', needs: reads('contents'), answer: listBranches },
  { id: 'repos/get-branch', needs: reads('contents'), answer: getBranch },
  {
    id: 'repos/get-branch-protection',
    needs: administers('read'),
    answer: getProtection,
  },
  { id: 'repos/list-tags', needs: reads('contents'), answer: listTags },
];

function getRepository(call: Call): Reply {
  return ok(fullRepositoryView(call.github, repositoryOf(call), call.token));
}

async function listBranches(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const url = repositoryUrl(call.github, repository);
  const references = await repository.git.references('refs/heads/');
  const branches = references.map(({ ref, sha }) => {
    const name = ref.slice('refs/heads/'.length);
    return {
      name,
      commit: { sha, url: `${url}/commits/${sha}` },
      protected: repository.protections.has(name),
    };
  });
  const wanted = call.query['protected'];
  const found = branches.filter((branch) => wanted === undefined || String(branch.protected) === wanted);
  return listed(call, found, (branch) => branch);
}

async function getBranch(call: Call): Promise<Reply> {
  const { github } = call;
  const repository = repositoryOf(call);
  const name = part(call, 'branch');
  const url = `${repositoryUrl(github, repository)}/branches/${name}`;
  const sha = await repository.git.resolve(`refs/heads/${name}`);
  if (sha === undefined) throw new ApiFailure(404, 'Branch not found');
  const protection = repository.protections.get(name);
  const body: Schemas['branch-with-protection'] = {
    name,
    commit: commitView(github, repository, await repository.git.commit(sha)),
    _links: { self: url, html: `${pageUrl(github, repository)}/tree/${name}` },
    protected: protection !== undefined,
    protection: protectionView(url, protection),
    protection_url: `${url}/protection`,
  };
  return ok(body);
}

function getProtection(call: Call): Reply {
  const repository = repositoryOf(call);
  const name = part(call, 'branch');
  const protection = repository.protections.get(name);
  if (!protection) throw new ApiFailure(404, 'Branch not protected');
  return ok(protectionView(`${repositoryUrl(call.github, repository)}/branches/${name}`, protection));
}

function protectionView(url: string, protection: Protection | undefined): Schemas['branch-protection'] {
  const { requirePullRequest = false, requiredChecks = [] } = protection ?? {};
  return {
    url: `${url}/protection`,
    enabled: protection !== undefined,
    required_status_checks: {
      enforcement_level: requiredChecks.length > 0 ? 'everyone' : 'off',
      contexts: [...requiredChecks],
      checks: requiredChecks.map((context) => ({ context, app_id: null })),
    },
    ...(requirePullRequest
      ? {
          required_pull_request_reviews: {
            url: `${url}/protection/required_pull_request_reviews`,
            dismiss_stale_reviews: false,
            require_code_owner_reviews: false,
            require_last_push_approval: false,
            required_approving_review_count: 0,
          },
        }
      : {}),
  };
}

async function listTags(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const url = repositoryUrl(call.github, repository);
  const tags = await repository.git.references('refs/tags/');
  return listed(call, tags.reverse(), async ({ ref }) => {
    const name = ref.slice('refs/tags/'.length);
    const sha = (await repository.git.resolve(ref)) ?? '';
    return {
      name,
      commit: { sha, url: `${url}/commits/${sha}` },
      zipball_url: `${url}/zipball/${ref}`,
      tarball_url: `${url}/tarball/${ref}`,
      node_id: nodeId('REF', repository.id, ref),
    };
  });
}
