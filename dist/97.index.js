export const id = 97;
export const ids = [97];
export const modules = {

/***/ 8097:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  openStateBranch: () => (/* binding */ openStateBranch)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/errors.js
var errors = __webpack_require__(452);
// EXTERNAL MODULE: ./lib/files/paths.js
var paths = __webpack_require__(795);
// EXTERNAL MODULE: ./node_modules/simple-git/dist/index.mjs + 2 modules
var dist = __webpack_require__(4724);
// EXTERNAL MODULE: ./lib/host/checkout.js
var checkout = __webpack_require__(1632);
;// CONCATENATED MODULE: ./lib/host/git-access.js




const ANSWER_WITHIN = 60_000;
const ofAccess = '^(http|credential|url|ssh)\\..*|^core\\.(sshcommand|askpass|gitproxy)$';
const ownSettings = [
    ['core.autocrlf', 'false'],
    ['core.symlinks', 'false'],
    ['core.quotepath', 'false'],
    ['core.hookspath', '/dev/null'],
    ['gc.auto', '0'],
    ['credential.interactive', 'false'],
];
const passedOn = [
    ...['PATH', 'HOME', 'XDG_CONFIG_HOME', 'SSH_AUTH_SOCK', 'TMPDIR'],
    ...[
        'HTTPS_PROXY',
        'https_proxy',
        'HTTP_PROXY',
        'http_proxy',
        'ALL_PROXY',
        'all_proxy',
        'NO_PROXY',
        'no_proxy',
    ],
];
const passedOnOfGit = ['GIT_SSH_COMMAND', 'GIT_SSL_CAINFO', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM'];
async function accessOf(folder, environment) {
    const top = await (0,checkout/* checkoutOf */.o5)(folder);
    const base = gitWith(top, [], environment);
    const remote = await settingOf(base, 'remote.origin.url');
    if (remote === null)
        throw (0,errors/* inputError */.Xu)('there is no Git repository with a remote `origin` here', 'Run it in a clone of the repository');
    const settings = [
        ...(await settingsOf(base)),
        ...tokenSettings(environment),
        ...ownSettings,
        ...(await identity(base)),
    ];
    const isAddress = /^[a-z+]+:\/\//i.test(remote) || /^[^/]+:/.test(remote);
    return {
        remote: isAddress ? remote : external_node_path_.resolve(top, remote),
        at: (place) => gitWith(place, settings, environment),
    };
}
function gitWith(baseDir, settings, environment) {
    const given = [...passedOn, ...passedOnOfGit].flatMap((name) => {
        const value = environment[name];
        return value === undefined ? [] : [[name, value]];
    });
    const numbered = settings.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
    ]);
    const variables = {
        ...Object.fromEntries([...given, ...numbered]),
        GIT_CONFIG_COUNT: String(settings.length),
        GIT_TERMINAL_PROMPT: '0',
        LC_ALL: 'C',
    };
    return (0,dist/* simpleGit */.Lp)({
        baseDir,
        timeout: { block: ANSWER_WITHIN },
        allowEnvironment: Object.keys(variables).filter((name) => name.startsWith('GIT_')),
        unsafe: {
            allowUnsafeConfigEnvCount: true,
            allowUnsafeConfigPaths: true,
            allowUnsafeCredentialHelper: true,
            allowUnsafeSshCommand: true,
            allowUnsafeUrlRewrite: true,
            allowUnsafeAskPass: true,
            allowUnsafeGitProxy: true,
            allowUnsafeHooksPath: true,
        },
    }).env(variables);
}
async function settingOf(git, name) {
    try {
        return (await git.raw(['config', '--get', name])).trim() || null;
    }
    catch {
        return null;
    }
}
async function settingsOf(git) {
    const listed = await git
        .raw(['config', '--local', '--includes', '-z', '--get-regexp', ofAccess])
        .catch(() => '');
    return listed
        .split('\0')
        .filter((entry) => entry !== '')
        .map((entry) => {
        const [name = '', ...value] = entry.split('\n');
        return [name, value.join('\n')];
    });
}
async function identity(git) {
    if ((await settingOf(git, 'user.email')) !== null)
        return [];
    return [
        ['user.name', 'github-actions[bot]'],
        ['user.email', '41898282+github-actions[bot]@users.noreply.github.com'],
    ];
}
function tokenSettings(environment) {
    const token = environment['GITHUB_TOKEN'] || environment['GH_TOKEN'];
    if (!token)
        return [];
    const server = (environment['GITHUB_SERVER_URL'] || 'https://github.com').replace(/\/+$/, '');
    const header = `http.${server}/.extraheader`;
    const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
    return [
        [header, ''],
        [header, `AUTHORIZATION: basic ${credentials}`],
    ];
}

// EXTERNAL MODULE: ./lib/host/repository-host.js
var repository_host = __webpack_require__(1163);
;// CONCATENATED MODULE: ./lib/host/git-state-branch.js







const fetched = 'refs/promptline/state';
async function openStateBranch(folder, { name, environment, }) {
    const { remote, at } = await accessOf(folder, environment);
    const place = (0,external_node_fs_.mkdtempSync)(external_node_path_.join((0,external_node_os_.tmpdir)(), 'promptline-state-'));
    const close = () => (0,external_node_fs_.rmSync)(place, { recursive: true, force: true, maxRetries: 3 });
    const git = at(place);
    const branch = { git, place, remote, ref: `refs/heads/${name}`, latest: null };
    try {
        await git.raw(['init', '--quiet']);
    }
    catch (error) {
        close();
        throw (0,errors/* outsideError */.ul)('git could not be run', 'Install Git', error);
    }
    return {
        name,
        read: () => read(branch),
        commit: (change) => commit(branch, change),
        close,
    };
}
async function read(branch) {
    const head = await headOf(branch);
    if (head === null)
        return { commit: null, files: new Map() };
    if (branch.latest?.commit === head)
        return branch.latest;
    const latest = (await has(branch, head)) ? head : await fetchLatest(branch);
    await checkOut(branch, latest);
    const listed = await branch.git.raw(['ls-files', '-z']);
    const names = listed.split('\0').filter((file) => file !== '');
    const files = names.map((file) => [file, (0,external_node_fs_.readFileSync)(external_node_path_.join(branch.place, file), 'utf8')]);
    branch.latest = { commit: latest, files: new Map(files) };
    return branch.latest;
}
async function commit(branch, { expected, files, message }) {
    const { git, place, remote, ref } = branch;
    if (expected === null)
        await git.raw(['read-tree', '--empty']);
    else {
        if (!(await has(branch, expected)) && (await fetchLatest(branch)) !== expected)
            return null;
        await checkOut(branch, expected);
    }
    for (const { path: file, content } of files) {
        const target = (0,paths/* resolveInside */.L)(place, file);
        (0,external_node_fs_.mkdirSync)(external_node_path_.dirname(target), { recursive: true });
        (0,external_node_fs_.writeFileSync)(target, content);
    }
    await git.raw(['add', '--force', '--', ...files.map(({ path: file }) => file)]);
    const tree = (await git.raw(['write-tree'])).trim();
    const made = (await git.raw(['commit-tree', tree, ...(expected === null ? [] : ['-p', expected]), '-m', message])).trim();
    try {
        await git.raw([
            'push',
            '--quiet',
            `--force-with-lease=${ref}:${expected ?? ''}`,
            remote,
            `${made}:${ref}`,
        ]);
        return made;
    }
    catch (error) {
        return settle(branch, { made, expected, error });
    }
}
async function settle(branch, { made, expected, error, }) {
    const head = await headOf(branch).catch(() => {
        throw explained(error, branch, 'write');
    });
    if (head === made)
        return made;
    if (head !== expected)
        return null;
    throw explained(error, branch, 'write');
}
async function headOf(branch) {
    const { git, remote, ref } = branch;
    try {
        const listed = (await git.raw(['ls-remote', '--quiet', remote, ref])).split('\n');
        const [found] = listed.map((line) => line.split('\t')).filter(([, name]) => name === ref);
        return found?.[0] ?? null;
    }
    catch (error) {
        throw explained(error, branch, 'read');
    }
}
async function fetchLatest(branch) {
    const { git, remote, ref } = branch;
    try {
        await git.raw(['fetch', '--quiet', '--no-tags', '--depth=1', remote, `+${ref}:${fetched}`]);
        return (await git.raw(['rev-parse', '--verify', fetched])).trim();
    }
    catch (error) {
        throw explained(error, branch, 'read');
    }
}
async function checkOut({ git }, commitId) {
    await git.raw(['reset', '--quiet', '--hard', commitId]);
    await git.raw(['clean', '--quiet', '-ffdx']);
}
async function has({ git }, commitId) {
    try {
        await git.raw(['cat-file', '-e', `${commitId}^{commit}`]);
        return true;
    }
    catch {
        return false;
    }
}
function explained(error, { remote, ref }, doing) {
    const name = ref.replace('refs/heads/', '');
    const reason = (error instanceof Error ? error.message : String(error)).trim();
    const where = remote.replace(/\/\/[^@/]*@/, '//');
    const isRefused = /\b(403|401)\b|denied|not granted|authentication failed|terminal prompts disabled/i;
    if (/GH006|GH013|protected branch|rule violations|hook declined/i.test(reason)) {
        return new repository_host/* PermissionError */.i('outside', `a rule of ${where} refuses to write the branch ${name}: ${reason}`, {
            hint: `Let promptline push to ${name}, or name another branch as \`rollout.branch\``,
            cause: error,
        });
    }
    if (isRefused.test(reason)) {
        return new repository_host/* PermissionError */.i('outside', `${where} refused to ${doing} the branch ${name}: ${reason}`, {
            hint: `The token needs \`contents: ${doing}\`: grant it in the job's \`permissions\`, or give another token as \`github-token\``,
            cause: error,
        });
    }
    return (0,errors/* outsideError */.ul)(`the branch ${name} of ${where} could not be ${doing === 'read' ? 'read' : 'written'}: ${reason}`, 'Run it again: it goes on where it stopped', error);
}


/***/ })

};
