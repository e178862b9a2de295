/** What the workflows of a repository depend on. */
export type WorkflowSettings = {
  /** `owner/name@SHA` of the Action, or `./` in its own repository. */
  readonly action: string;
  /** The version that the SHA is of, for people; null for `./`. */
  readonly version: string | null;
  /** The folder of promptline.yaml, relative to the repository: empty at the top, else with a slash at its end. */
  readonly folder: string;
  /** Environment variables that hold the keys of the configuration's providers. */
  readonly keys: readonly string[];
};

/** Actions of others, by full commit: a tag can be moved, a commit cannot. */
const pins = {
  checkout: 'actions/checkout@8e8c483db84b4bee98b60c0593521ed34d9990e8 # v6.0.1',
  restore: 'actions/cache/restore@9255dc7a253b0ccc959486e2bca901246202afeb # v5.0.1',
  save: 'actions/cache/save@9255dc7a253b0ccc959486e2bca901246202afeb # v5.0.1',
  upload: 'actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0',
  uploadPages: 'actions/upload-pages-artifact@7b1f4a764d45c48632c6b24a0339c27f5614fb0b # v4.0.0',
  deployPages: 'actions/deploy-pages@d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e # v4.0.5',
  download: 'actions/download-artifact@37930b1c2abaa49bbe596cd826c3c89aef350131 # v7.0.0',
};

/** The folder of results in a job. */
export const results = 'promptline-results';

type Step = {
  readonly uses: string;
  readonly id?: string;
  readonly if?: string;
  readonly with?: readonly string[];
  readonly env?: readonly string[];
};

/** A step as lines of YAML, at the depth of a job's steps. */
function step({ uses, id, if: condition, with: inputs = [], env = [] }: Step): string {
  const lines = [
    `      - uses: ${uses}`,
    ...(id === undefined ? [] : [`        id: ${id}`]),
    ...(condition === undefined ? [] : [`        if: ${condition}`]),
    ...(inputs.length === 0 ? [] : ['        with:', ...inputs.map((line) => `          ${line}`)]),
    ...(env.length === 0 ? [] : ['        env:', ...env.map((line) => `          ${line}`)]),
  ];
  return lines.join('\n');
}

/** @param history whether all commits are fetched, for comparisons with another commit */
export function checkout({ history }: { history: boolean }): string {
  const depth = history ? ['fetch-depth: 0 # the other commit of a comparison is read too'] : [];
  return step({
    uses: pins.checkout,
    with: [...depth, 'persist-credentials: false # no later step takes a token from the checkout'],
  });
}

/** The Action's own files; nothing where it is named by a commit. */
export function checkoutOfAction({ action }: WorkflowSettings): string[] {
  return action === './' ? [checkout({ history: false })] : [];
}

/** Answers that are paid for, and the embedded model, as the run before left them. */
export function restore(settings: WorkflowSettings): string {
  return step({
    uses: pins.restore,
    with: [...cached(settings), `restore-keys: promptline-\${{ runner.os }}-`],
  });
}

/** Keeps them for the next run. `actions/cache` alone would do so only where every step succeeded, not for a failed gate or a cut run. */
export function save(settings: WorkflowSettings): string {
  return step({ uses: pins.save, if: 'always()', with: cached(settings) });
}

/** A new entry for each run, found again by its beginning. */
function cached({ folder }: WorkflowSettings): string[] {
  return [
    'path: |',
    `  ${folder}.promptline/answers.sqlite`,
    '  ~/.cache/promptline',
    `key: promptline-\${{ runner.os }}-\${{ github.run_id }}-\${{ github.run_attempt }}-\${{ strategy.job-index }}`,
  ];
}

/** @param path folder of the results, relative to the repository */
export function upload(name: string, path: string): string {
  return step({
    uses: pins.upload,
    if: 'always()',
    with: [`name: ${name}`, `path: ${path}`, 'if-no-files-found: ignore'],
  });
}

export function download(...inputs: string[]): string {
  return step({ uses: pins.download, with: inputs });
}

/** @param path folder of a site for GitHub Pages, relative to the repository */
export function uploadPages(path: string): string {
  return step({ uses: pins.uploadPages, with: [`path: ${path}`] });
}

/** Publishes the site that a job before uploaded. */
export function deployPages(id: string): string {
  return step({ uses: pins.deployPages, id });
}

/** A step that runs a command of promptline. */
export function promptline(
  { action, version, folder, keys }: WorkflowSettings,
  { id, inputs, asks = false }: { id?: string; inputs: readonly string[]; asks?: boolean },
): string {
  return step({
    uses: version === null ? action : `${action} # v${version}`,
    ...(id !== undefined && { id }),
    with: [...inputs, ...(folder === '' ? [] : [`root: ${folder.slice(0, -1)}`])],
    env: asks ? keys.map((key) => `${key}: \${{ secrets.${key} }}`) : [],
  });
}

/** Lines that say how a provider's key reaches a step, where none is needed yet. */
export function aboutKeys({ keys }: WorkflowSettings): string[] {
  if (keys.length > 0) return [];
  return [
    '        # The key of a provider that the configuration names, from the secrets of the repository:',
    '        # env:',
    `        #   OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}`,
  ];
}

/** Lines that say how a webhook's address reaches a step. */
export const aboutAlerts: readonly string[] = [
  '        # The address of a webhook that `alerts` names:',
  '        # env:',
  `        #   SLACK_WEBHOOK_URL: \${{ secrets.SLACK_WEBHOOK_URL }}`,
];

/** A line that says where a step has telemetry from. */
export const aboutTelemetry = '      # Bring telemetry here as in promptline-watch.yml.';
