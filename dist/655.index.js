export const id = 655;
export const ids = [655];
export const modules = {

/***/ 7036:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   openTree: () => (/* binding */ openTree)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var simple_git__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4724);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(452);




const PATHS_AT_ONCE = 200;
async function openTree(folder, ref) {
    const git = (0,simple_git__WEBPACK_IMPORTED_MODULE_2__/* .simpleGit */ .Lp)({ baseDir: folder });
    const commit = await resolveCommit(git, ref);
    const listed = await git.raw(['ls-tree', '-r', '-z', '--name-only', commit, '.']);
    const files = listed.split('\0').filter((file) => file !== '');
    const prefix = (await git.raw(['rev-parse', '--show-prefix'])).trim();
    const top = (await git.raw(['rev-parse', '--show-toplevel'])).trim();
    return {
        commit,
        ref,
        files,
        export: (wanted, target) => exportFiles({ top, prefix, commit }, wanted, target),
    };
}
async function resolveCommit(git, ref) {
    let inside;
    try {
        inside = await git.checkIsRepo();
    }
    catch (error) {
        throw (0,_errors_js__WEBPACK_IMPORTED_MODULE_3__/* .outsideError */ .ul)('git could not be run', 'Install Git, or leave --base out', error);
    }
    if (!inside)
        throw (0,_errors_js__WEBPACK_IMPORTED_MODULE_3__/* .inputError */ .Xu)('there is no Git repository here', 'Run in one, or leave --base out');
    try {
        return (await git.raw(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`])).trim();
    }
    catch (error) {
        if (!(error instanceof simple_git__WEBPACK_IMPORTED_MODULE_2__/* .GitError */ .XS))
            throw error;
        throw (0,_errors_js__WEBPACK_IMPORTED_MODULE_3__/* .inputError */ .Xu)(`there is no commit "${ref}"`, 'Name a branch, a tag or a commit; in a shallow clone fetch it first (`fetch-depth: 0` of actions/checkout)');
    }
}
async function exportFiles({ top, prefix, commit }, wanted, target) {
    (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.mkdirSync)(target, { recursive: true });
    const { PATH, HOME } = process.env;
    const git = (0,simple_git__WEBPACK_IMPORTED_MODULE_2__/* .simpleGit */ .Lp)({
        baseDir: top,
        config: ['core.symlinks=false'],
        allowEnvironment: ['GIT_INDEX_FILE'],
    }).env({ PATH, HOME, GIT_INDEX_FILE: node_path__WEBPACK_IMPORTED_MODULE_1__.join(target, '.index') });
    await git.raw(['read-tree', commit]);
    for (let start = 0; start < wanted.length; start += PATHS_AT_ONCE) {
        const paths = wanted.slice(start, start + PATHS_AT_ONCE).map((file) => `${prefix}${file}`);
        await git.raw(['checkout-index', '--force', `--prefix=${target}/`, '--', ...paths]);
    }
    return node_path__WEBPACK_IMPORTED_MODULE_1__.join(target, prefix);
}


/***/ })

};
