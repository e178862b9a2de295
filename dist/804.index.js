export const id = 804;
export const ids = [804];
export const modules = {

/***/ 9804:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  openGitHub: () => (/* binding */ openGitHub)
});

// EXTERNAL MODULE: ./lib/errors.js
var errors = __webpack_require__(452);
// EXTERNAL MODULE: ./node_modules/@octokit/graphql/dist-bundle/index.js
var dist_bundle = __webpack_require__(9964);
// EXTERNAL MODULE: ./node_modules/@octokit/request-error/dist-src/index.js
var dist_src = __webpack_require__(1015);
// EXTERNAL MODULE: ./lib/host/repository-host.js
var repository_host = __webpack_require__(1163);
;// CONCATENATED MODULE: ./lib/host/github/failures.js




async function asked(request, ask) {
    try {
        return await ask();
    }
    catch (error) {
        throw explained(error, request);
    }
}
async function askedFor(request, ask) {
    try {
        return await ask();
    }
    catch (error) {
        if (statusOf(error) === 404)
            return null;
        throw explained(error, request);
    }
}
function statusOf(error) {
    return error instanceof dist_src/* RequestError */.G && error.response ? error.status : null;
}
function mayHaveHappened(error) {
    if (error instanceof dist_bundle/* GraphqlResponseError */.rp)
        return false;
    const status = statusOf(error);
    return status === null || status >= 500;
}
function isRefusedAs(error, types) {
    if (!(error instanceof dist_bundle/* GraphqlResponseError */.rp))
        return false;
    return (error.errors ?? []).some(({ type }) => types.includes(type));
}
function explained(error, { doing, permission }) {
    if (error instanceof errors/* PromptlineError */.$F)
        return error;
    const reason = error instanceof Error ? error.message : String(error);
    const status = error instanceof dist_bundle/* GraphqlResponseError */.rp ? graphqlStatus(error) : statusOf(error);
    if (status === null) {
        return (0,errors/* outsideError */.ul)(`GitHub could not be asked to ${doing}: ${reason}`, 'Run it again: it goes on where it stopped', error);
    }
    if (status === 401)
        return (0,errors/* outsideError */.ul)('GitHub does not know the token', 'Give a valid one as the input `github-token`, or as GITHUB_TOKEN', error);
    if (isLimit(error))
        return (0,errors/* outsideError */.ul)(`GitHub's rate limit stands in the way to ${doing}`, 'Run it again when the limit has ended: it goes on where it stopped', error);
    if (status === 403 || status === 404) {
        return new repository_host/* PermissionError */.i('outside', `GitHub refused to ${doing} (${status}): ${reason}`, {
            hint: hintFor(reason, permission),
            cause: error,
        });
    }
    return (0,errors/* outsideError */.ul)(`GitHub failed to ${doing} (${status}): ${reason}`, 'Run it again: it goes on where it stopped', error);
}
function hintFor(reason, permission) {
    if (/Actions is not permitted to create/i.test(reason))
        return "Allow it in the repository's settings (Actions, General, Workflow permissions), or give an App's token as `github-token`";
    return `The token needs \`${permission}\`: grant it in the job's \`permissions\`, or give another token as \`github-token\``;
}
function isLimit(error) {
    if (!(error instanceof dist_src/* RequestError */.G))
        return false;
    const headers = error.response?.headers;
    return (error.status === 429 ||
        headers?.['x-ratelimit-remaining'] === '0' ||
        /secondary rate/i.test(error.message));
}
function graphqlStatus(error) {
    if (isRefusedAs(error, ['FORBIDDEN', 'INSUFFICIENT_SCOPES']))
        return 403;
    return isRefusedAs(error, ['NOT_FOUND']) ? 404 : 422;
}

// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./lib/host/github/create-once.js


const waits = [1, 4, 10];
const unrepeated = { retries: 0 };
async function createOnce(find, create, pauses = waits) {
    const found = await find();
    if (found !== null)
        return found;
    const [seconds, ...later] = pauses;
    try {
        return await create();
    }
    catch (error) {
        const isRefused = statusOf(error) === 422;
        if (seconds === undefined || !(isRefused || mayHaveHappened(error)))
            throw error;
        await (0,promises_.setTimeout)(isRefused ? 0 : 1000 * seconds);
        return createOnce(find, create, isRefused ? [] : later);
    }
}

;// CONCATENATED MODULE: ./lib/host/github/publish-branch.js


const writing = { doing: 'write a branch', permission: 'contents: write' };
const nothing = '0'.repeat(40);
function publishBranch(client, repository, change) {
    const { name, expected } = change;
    const workshop = `promptline-workshop/${name}`;
    const place = { client, repository };
    return asked(writing, async () => {
        const made = await makeCommit(place, change, workshop);
        if (made === null)
            return null;
        const [from, ref] = [`refs/heads/${workshop}`, `refs/heads/${name}`];
        try {
            await moveRefs(place, [
                { name: ref, beforeOid: expected ?? nothing, afterOid: made, force: true },
                { name: from, beforeOid: made, afterOid: nothing, force: true },
            ]);
            return made;
        }
        catch (error) {
            const [branch, left] = [await commitAt(place, name), await commitAt(place, workshop)];
            if (branch === expected && left === made)
                throw error;
            const isSame = branch !== null && (await isWanted(place, change, branch));
            if (left === made)
                await moveRefs(place, [{ name: from, beforeOid: made, afterOid: nothing, force: true }]);
            return isSame ? branch : null;
        }
    });
}
async function makeCommit(place, change, workshop) {
    const { client, repository } = place;
    const { owner, repo } = repository;
    const { parent } = change;
    const begun = await createOnce(() => commitAt(place, workshop), async () => {
        const ref = `refs/heads/${workshop}`;
        await client.rest.git.createRef({ owner, repo, ref, sha: parent, request: unrepeated });
        return parent;
    });
    try {
        if (begun !== parent) {
            const ref = `heads/${workshop}`;
            await client.rest.git.updateRef({ owner, repo, ref, sha: parent, force: true });
        }
        return await commitOn(place, change, workshop);
    }
    catch (error) {
        const now = await commitAt(place, workshop);
        if (now === parent || now === begun)
            throw error;
        return now !== null && (await isWanted(place, change, now)) ? now : null;
    }
}
async function commitAt({ client, repository: { owner, repo } }, name) {
    const found = await askedFor(writing, () => client.rest.git.getRef({ owner, repo, ref: `heads/${name}` }));
    return found?.data.object.sha ?? null;
}
async function isWanted({ client, repository: { owner, repo } }, { parent, message }, commit) {
    const basehead = `${parent}...${commit}`;
    const { data } = await client.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead });
    const [only, ...others] = data.commits;
    return (data.merge_base_commit.sha === parent &&
        others.length === 0 &&
        only?.commit.message.trim() === `${message.headline}\n\n${message.body}`.trim());
}
async function commitOn({ client, repository: { owner, repo } }, { parent, files, message }, branchName) {
    const additions = files.map(({ path, content }) => ({
        path,
        contents: Buffer.from(content).toString('base64'),
    }));
    const { createCommitOnBranch } = await client.graphql(`mutation ($input: CreateCommitOnBranchInput!) {
      createCommitOnBranch(input: $input) { commit { oid } }
    }`, {
        input: {
            branch: { repositoryNameWithOwner: `${owner}/${repo}`, branchName },
            expectedHeadOid: parent,
            message,
            fileChanges: { additions },
        },
    });
    return createCommitOnBranch.commit.oid;
}
async function moveRefs({ client, repository }, refUpdates) {
    const repositoryId = await repository.id();
    await client.graphql(`mutation ($input: UpdateRefsInput!) {
      updateRefs(input: $input) { clientMutationId }
    }`, { input: { repositoryId, refUpdates } });
}

;// CONCATENATED MODULE: ./lib/host/github/branches.js


const reading = { doing: 'read the repository', permission: 'contents: read' };
const branches_writing = { doing: 'write a branch', permission: 'contents: write' };
function branchesOf(client, repository) {
    const { owner, repo } = repository;
    const branch = async (name) => {
        const found = await askedFor(reading, () => client.rest.git.getRef({ owner, repo, ref: `heads/${name}` }));
        return found && { name, commit: found.data.object.sha };
    };
    return {
        branch,
        async defaultBranch() {
            const { data } = await asked(reading, () => client.rest.repos.get({ owner, repo }));
            const found = await branch(data.default_branch);
            if (found)
                return found;
            throw new Error(`${owner}/${repo} has no commit on ${data.default_branch}`);
        },
        async isOnBranch(name, commit) {
            const found = await askedFor(reading, () => client.rest.repos.compareCommitsWithBasehead({
                owner,
                repo,
                basehead: `${name}...${commit}`,
                per_page: 1,
            }));
            return found?.data.ahead_by === 0;
        },
        async readFile(file, commit) {
            const found = await askedFor(reading, () => client.rest.repos.getContent({
                owner,
                repo,
                path: file,
                ref: commit,
                mediaType: { format: 'raw' },
            }));
            return found && typeof found.data === 'string' ? found.data : null;
        },
        async commitsSince(base, head) {
            const { data } = await asked(reading, () => client.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead: `${base}...${head}` }));
            return {
                mergeBase: data.merge_base_commit.sha,
                commits: data.commits.map(toCommit),
                files: (data.files ?? []).map(({ filename }) => filename),
            };
        },
        publishBranch: (change) => publishBranch(client, repository, change),
        async deleteBranch(name) {
            await askedFor(branches_writing, () => client.rest.git.deleteRef({ owner, repo, ref: `heads/${name}` }));
        },
    };
}
function toCommit({ sha, author, commit, }) {
    return { id: sha, author: author?.login ?? null, message: commit.message };
}

;// CONCATENATED MODULE: ./lib/host/github/checks.js


const checking = { doing: 'write a check', permission: 'checks: write' };
const ANNOTATIONS_AT_ONCE = 50;
const MOST_ANNOTATIONS = 200;
const LONGEST_SUMMARY = 65_535;
function checksOf(client, { owner, repo }) {
    return {
        beginCheck: ({ name, commit, title }) => asked(checking, async () => {
            const { id } = await createOnce(() => findBegun(client, { owner, repo, name, commit }), async () => (await client.rest.checks.create({
                owner,
                repo,
                name,
                head_sha: commit,
                external_id: externalId(name),
                status: 'in_progress',
                output: { title, summary: title },
                request: unrepeated,
            })).data);
            return { end: (result) => asked(checking, () => endCheck(client, { owner, repo, id }, result)) };
        }),
    };
}
async function findBegun(client, { owner, repo, name, commit }) {
    const found = await client.paginate(client.rest.checks.listForRef, {
        owner,
        repo,
        ref: commit,
        check_name: name,
        status: 'in_progress',
        per_page: 100,
    });
    return found.find(({ external_id }) => external_id === externalId(name)) ?? null;
}
function externalId(name) {
    return `promptline:${name}`;
}
async function endCheck(client, { owner, repo, id }, { conclusion, title, summary, annotations }) {
    const output = { title: title.slice(0, 255), summary: summary.slice(0, LONGEST_SUMMARY) };
    const shown = annotations.slice(0, MOST_ANNOTATIONS).map(toAnnotation);
    for (let start = ANNOTATIONS_AT_ONCE; start < shown.length; start += ANNOTATIONS_AT_ONCE) {
        const part = shown.slice(start, start + ANNOTATIONS_AT_ONCE);
        await client.rest.checks.update({
            owner,
            repo,
            check_run_id: id,
            output: { ...output, annotations: part },
            request: unrepeated,
        });
    }
    await client.rest.checks.update({
        owner,
        repo,
        check_run_id: id,
        status: 'completed',
        conclusion,
        output: { ...output, annotations: shown.slice(0, ANNOTATIONS_AT_ONCE) },
    });
}
function toAnnotation({ path, startLine, endLine, level, title, message }) {
    return {
        path,
        start_line: startLine,
        end_line: endLine,
        annotation_level: level,
        title: title.slice(0, 255),
        message: message.slice(0, 4_000),
    };
}

// EXTERNAL MODULE: ./node_modules/@actions/github/lib/github.js
var github = __webpack_require__(1351);
// EXTERNAL MODULE: ./node_modules/@actions/github/lib/utils.js + 13 modules
var utils = __webpack_require__(7471);
// EXTERNAL MODULE: ./node_modules/@octokit/plugin-retry/dist-bundle/index.js
var plugin_retry_dist_bundle = __webpack_require__(9735);
// EXTERNAL MODULE: ./node_modules/@octokit/plugin-throttling/dist-bundle/index.js
var plugin_throttling_dist_bundle = __webpack_require__(6856);
;// CONCATENATED MODULE: ./lib/host/github/client.js




const ANSWER_WITHIN = 60_000;
const LONGEST_WAIT = 15 * 60;
const LIMIT_RETRIES = 5;
function connect(token, apiUrl, note) {
    const waits = (what) => (seconds, _, __, count) => {
        if (seconds > LONGEST_WAIT || count >= LIMIT_RETRIES)
            return false;
        note(`GitHub's ${what} is reached; waiting ${seconds} s`);
        return true;
    };
    return (0,github/* getOctokit */.Q)(token, {
        baseUrl: apiUrl,
        log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
        request: { ...utils/* defaults */.NT.request, fetch: withTimeout(utils/* defaults */.NT.request?.['fetch'] ?? fetch) },
        throttle: { onRateLimit: waits('rate limit'), onSecondaryRateLimit: waits('secondary rate limit') },
    }, plugin_retry_dist_bundle/* retry */.L, plugin_throttling_dist_bundle/* throttling */.A);
}
function ignore() { }
function withTimeout(send) {
    return (input, init) => {
        const timeout = AbortSignal.timeout(ANSWER_WITHIN);
        const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
        return send(input, { ...init, signal });
    };
}

;// CONCATENATED MODULE: ./lib/host/github/comments.js


const commenting = { doing: 'comment on the pull request', permission: 'pull-requests: write' };
function commentsOf(client, { owner, repo, viewer }) {
    const mine = async (number, marker) => {
        const author = await viewer();
        const comments = await client.paginate(client.rest.issues.listComments, {
            owner,
            repo,
            issue_number: number,
            per_page: 100,
        });
        return comments.filter(({ user, body }) => user?.login === author && body?.startsWith(marker));
    };
    return {
        putComment: (number, { marker, body, replaces }) => asked(commenting, async () => {
            const text = `${marker}\n${body}`;
            const comment = await createOnce(async () => (await mine(number, marker))[0] ?? null, async () => (await client.rest.issues.createComment({
                owner,
                repo,
                issue_number: number,
                body: text,
                request: unrepeated,
            })).data);
            const isReplaced = replaces === undefined || comment.body?.includes(replaces);
            if (comment.body !== text && isReplaced)
                await client.rest.issues.updateComment({ owner, repo, comment_id: comment.id, body: text });
        }),
    };
}

;// CONCATENATED MODULE: ./lib/host/github/issues.js


const issues_writing = { doing: 'open an issue', permission: 'issues: write' };
function issuesOf(client, { owner, repo, viewer }) {
    return {
        openIssue: ({ marker, title, body, labels }) => asked(issues_writing, async () => {
            const { number, html_url } = await createOnce(async () => {
                const found = await client.paginate(client.rest.issues.listForRepo, {
                    owner,
                    repo,
                    creator: await viewer(),
                    state: 'all',
                    per_page: 100,
                });
                return found.find((issue) => issue.body?.startsWith(marker)) ?? null;
            }, async () => (await client.rest.issues.create({
                owner,
                repo,
                title,
                body: `${marker}\n${body}`,
                labels: [...labels],
                request: unrepeated,
            })).data);
            return { number, url: html_url };
        }),
    };
}

;// CONCATENATED MODULE: ./lib/host/github/pull-requests.js


const pull_requests_reading = { doing: 'read pull requests', permission: 'pull-requests: read' };
const pull_requests_writing = { doing: 'write a pull request', permission: 'pull-requests: write' };
function pullRequestsOf(client, { owner, repo }) {
    const ofBranch = async (branch, state) => {
        const found = await client.paginate(client.rest.pulls.list, {
            owner,
            repo,
            head: `${owner}:${branch}`,
            state,
            sort: 'created',
            direction: 'desc',
            per_page: 100,
        });
        return found.map(toPullRequest);
    };
    return {
        pullRequestsOf: (branch) => asked(pull_requests_reading, () => ofBranch(branch, 'all')),
        pullRequestsAt: (commit) => asked(pull_requests_reading, async () => {
            const found = await client.paginate(client.rest.pulls.list, {
                owner,
                repo,
                state: 'open',
                per_page: 100,
            });
            return found.filter(({ head }) => head.sha === commit).map(toPullRequest);
        }),
        openPullRequest: ({ branch, base, title, body }) => asked(pull_requests_writing, () => createOnce(async () => (await ofBranch(branch, 'open'))[0] ?? null, async () => {
            const { data } = await client.rest.pulls.create({
                owner,
                repo,
                head: branch,
                base,
                title,
                body,
                request: unrepeated,
            });
            return toPullRequest(data);
        })),
        async updatePullRequest(number, { title, body }) {
            await asked(pull_requests_writing, () => client.rest.pulls.update({ owner, repo, pull_number: number, title, body }));
        },
        async closePullRequest(number, body) {
            await asked(pull_requests_writing, () => client.rest.pulls.update({ owner, repo, pull_number: number, state: 'closed', body }));
        },
        async addLabels(number, labels) {
            await asked(pull_requests_writing, () => client.rest.issues.addLabels({ owner, repo, issue_number: number, labels: [...labels] }));
        },
    };
}
function toPullRequest({ number, html_url, state, merged_at, user, title, body, labels, head, base, }) {
    return {
        number,
        url: html_url,
        state: merged_at !== null ? 'merged' : state === 'open' ? 'open' : 'closed',
        author: user?.login ?? null,
        title,
        body: body ?? '',
        labels: labels.map(({ name }) => name),
        head: { branch: head.ref, commit: head.sha, repository: head.repo?.full_name ?? null },
        base: { branch: base.ref, commit: base.sha },
    };
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./lib/host/release-host.js
var release_host = __webpack_require__(2254);
;// CONCATENATED MODULE: ./lib/host/github/releases.js





const releases_reading = { doing: 'read releases', permission: 'contents: read' };
const releases_writing = { doing: 'write a release', permission: 'contents: write' };
const mark = '<!-- promptline release -->';
function releasesOf(client, repository) {
    const { owner, repo } = repository;
    const published = async (tag) => {
        const found = await askedFor(releases_reading, () => client.rest.repos.getReleaseByTag({ owner, repo, tag }));
        return found && { tag, url: found.data.html_url };
    };
    return {
        async tagsBeginning(prefix) {
            const { data: refs } = await asked(releases_reading, () => client.rest.git.listMatchingRefs({ owner, repo, ref: `tags/${prefix}` }));
            return new Map(refs.map(({ ref, object }) => [ref.replace(/^refs\/tags\//, ''), object.sha]));
        },
        publishedRelease: published,
        async publishRelease(wanted) {
            const before = await published(wanted.tag);
            if (before)
                return before;
            try {
                return await asked(releases_writing, () => publish(client, repository, wanted));
            }
            catch (error) {
                const now = await published(wanted.tag);
                if (now)
                    return now;
                throw error;
            }
        },
    };
}
async function publish(client, repository, wanted) {
    const { owner, repo } = repository;
    const { tag, commit, title } = wanted;
    const body = `${mark}\n${wanted.notes}`;
    const draft = await createOnce(() => findDraft(client, repository, tag), async () => {
        const { data } = await client.rest.repos.createRelease({
            owner,
            repo,
            tag_name: tag,
            target_commitish: commit,
            name: title,
            body,
            draft: true,
            request: unrepeated,
        });
        return data;
    });
    await putAssets(client, repository, draft, wanted.assets);
    try {
        const { data } = await client.rest.repos.updateRelease({
            owner,
            repo,
            release_id: draft.id,
            tag_name: tag,
            target_commitish: commit,
            name: title,
            body,
            draft: false,
            make_latest: 'false',
        });
        return { tag, url: data.html_url };
    }
    catch (error) {
        throw isBurned(error) ? burned(tag, error) : error;
    }
}
async function findDraft(client, { owner, repo }, tag) {
    const pages = client.paginate.iterator(client.rest.repos.listReleases, { owner, repo, per_page: 100 });
    for await (const { data } of pages) {
        const found = data.find((release) => release.draft && release.tag_name === tag && release.body?.startsWith(mark));
        if (found)
            return found;
    }
    return null;
}
async function putAssets(client, repository, draft, assets) {
    if (assets.length === 0)
        return;
    const before = await assetsOf(client, repository, draft);
    for (const asset of assets) {
        const named = (all) => all.find(({ name }) => name === asset.name) ?? null;
        let looked = false;
        await createOnce(async () => {
            const found = named(looked ? await assetsOf(client, repository, draft) : before);
            looked = true;
            if (found && isWhole(found, asset))
                return true;
            if (found)
                await removeAsset(client, repository, found);
            return null;
        }, async () => {
            await client.request(`POST ${draft.upload_url}`, {
                name: asset.name,
                data: asset.content,
                headers: { 'content-type': asset.contentType },
                request: unrepeated,
            });
            return true;
        });
    }
}
function assetsOf(client, { owner, repo }, { id }) {
    return client.paginate(client.rest.repos.listReleaseAssets, { owner, repo, release_id: id, per_page: 100 });
}
function isWhole({ state, digest }, { content }) {
    return state === 'uploaded' && digest === `sha256:${(0,external_node_crypto_.createHash)('sha256').update(content).digest('hex')}`;
}
async function removeAsset(client, { owner, repo }, { id }) {
    await askedFor(releases_writing, () => client.rest.repos.deleteReleaseAsset({ owner, repo, asset_id: id }));
}
function isBurned(error) {
    return (statusOf(error) === 422 &&
        error instanceof dist_src/* RequestError */.G &&
        /used by an immutable release|creations being restricted/.test(error.message));
}
function burned(tag, cause) {
    return new release_host/* BurnedTagError */.t('input', `the tag ${tag} belonged to an immutable release that was deleted`, {
        hint: 'GitHub never gives such a name out again: raise the version',
        cause,
    });
}

;// CONCATENATED MODULE: ./lib/host/github/github.js









const jobLogin = 'github-actions[bot]';
function openGitHub({ token, repository, apiUrl, note }) {
    const [owner, repo, ...rest] = repository.split('/');
    if (!owner || !repo || rest.length > 0)
        throw (0,errors/* inputError */.Xu)(`"${repository}" is no repository`, 'Set GITHUB_REPOSITORY to owner/name');
    const client = connect(token, apiUrl, note);
    const place = {
        owner,
        repo,
        id: once(() => readId(client, owner, repo)),
        viewer: once(() => readViewer(client)),
    };
    return {
        repository,
        startsWorkflows: async () => (await place.viewer()) !== jobLogin,
        ...branchesOf(client, place),
        ...pullRequestsOf(client, place),
        ...commentsOf(client, place),
        ...checksOf(client, place),
        ...issuesOf(client, place),
        ...releasesOf(client, place),
    };
}
function once(ask) {
    let asking;
    return () => (asking ??= ask());
}
async function readId(client, owner, repo) {
    const request = { doing: 'read the repository', permission: 'contents: read' };
    return (await asked(request, () => client.rest.repos.get({ owner, repo }))).data.node_id;
}
async function readViewer(client) {
    const request = { doing: 'say who the token belongs to', permission: 'metadata: read' };
    const { viewer } = await asked(request, () => client.graphql('query { viewer { login } }'));
    return viewer.login;
}


/***/ })

};
