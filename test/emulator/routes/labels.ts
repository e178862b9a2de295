import { bodyOf, type Call, created, ok, part, type Reply, type Route, repositoryOf } from '../call.ts';
import { notFound, validationFailed } from '../failures.ts';
import { listed } from '../paging.ts';
import type { Label } from '../state.ts';
import { labelView } from '../views/issues.ts';
import { issueOf, readsIssues, writesIssues } from './issue-access.ts';

export const labelRoutes: readonly Route[] = [
  { id: 'issues/list-labels-for-repo', needs: readsIssues, answer: listAll },
  { id: 'issues/create-label', needs: writesIssues, answer: createLabel },
  { id: 'issues/get-label', needs: readsIssues, answer: getLabel },
  {
    id: 'issues/list-labels-on-issue',
    needs: readsIssues,
    answer: (call) => listOf(call, issueOf(call).labels),
  },
  { id: 'issues/add-labels', needs: writesIssues, answer: addLabels },
  { id: 'issues/set-labels', needs: writesIssues, answer: setLabels },
  { id: 'issues/remove-label', needs: writesIssues, answer: removeLabel },
];

/** The label with this name, whatever its case; GitHub makes one that is not there when an issue is given it. */
export function labelNamed(call: Call, name: string): Label {
  const found = find(call, name);
  if (found) return found;
  const label: Label = { id: call.github.nextId(), name, color: 'ededed', description: null };
  repositoryOf(call).labels.set(name, label);
  return label;
}

function find(call: Call, name: string): Label | undefined {
  const labels = [...repositoryOf(call).labels.values()];
  return labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

function viewOf(call: Call, label: Label) {
  return labelView(call.github, repositoryOf(call), label);
}

function listOf(call: Call, labels: readonly Label[]): Promise<Reply> {
  return listed(call, labels, (label) => viewOf(call, label));
}

function listAll(call: Call): Promise<Reply> {
  return listOf(call, [...repositoryOf(call).labels.values()]);
}

function createLabel(call: Call): Reply {
  const { name, color = 'ededed', description = null } = bodyOf<'issues/create-label'>(call);
  if (find(call, name)) throw validationFailed({ resource: 'Label', code: 'already_exists', field: 'name' });
  const label = labelNamed(call, name);
  Object.assign(label, { color, description });
  return created(viewOf(call, label));
}

function getLabel(call: Call): Reply {
  const label = find(call, part(call, 'name'));
  if (!label) throw notFound();
  return ok(viewOf(call, label));
}

function addLabels(call: Call): Reply {
  const issue = issueOf(call);
  for (const name of givenNames(call)) {
    const label = labelNamed(call, name);
    if (issue.labels.includes(label)) continue;
    issue.labels.push(label);
    tell(call, 'labeled');
  }
  return ok(issue.labels.map((label) => viewOf(call, label)));
}

function setLabels(call: Call): Reply {
  const issue = issueOf(call);
  issue.labels = givenNames(call).map((name) => labelNamed(call, name));
  tell(call, 'labeled');
  return ok(issue.labels.map((label) => viewOf(call, label)));
}

function removeLabel(call: Call): Reply {
  const issue = issueOf(call);
  const label = find(call, part(call, 'name'));
  if (!label || !issue.labels.includes(label)) throw notFound();
  issue.labels = issue.labels.filter((each) => each !== label);
  tell(call, 'unlabeled');
  return ok(issue.labels.map((each) => viewOf(call, each)));
}

function tell(call: Call, action: string): void {
  const issue = issueOf(call);
  call.github.emit(
    call.token,
    repositoryOf(call),
    issue.pull ? 'pull_request' : 'issues',
    action,
    issue.number,
  );
}

function givenNames(call: Call): string[] {
  const { labels = [] } = bodyOf<'issues/add-labels'>(call);
  return labels.map((label) => (typeof label === 'string' ? label : label.name));
}
