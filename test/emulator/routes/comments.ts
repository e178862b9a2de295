import {
  actorOf,
  bodyOf,
  type Call,
  created,
  gone,
  member,
  ok,
  part,
  type Reply,
  type Route,
  repositoryOf,
} from '../call.ts';
import { notAccessible, validationFailed } from '../failures.ts';
import { listed } from '../paging.ts';
import type { Comment } from '../state.ts';
import { atLeast, roleOf } from '../tokens.ts';
import { commentsOf, commentView } from '../views/issues.ts';
import { checkBody, issueOf, readsIssues, writesIssues } from './issue-access.ts';

/** Anyone may comment where they can read, and change what is theirs. */
const writesComments = { ...writesIssues, open: true };

export const commentRoutes: readonly Route[] = [
  { id: 'issues/list-comments', needs: readsIssues, answer: listOnIssue },
  { id: 'issues/list-comments-for-repo', needs: readsIssues, answer: listAll },
  { id: 'issues/create-comment', needs: writesComments, answer: createComment },
  { id: 'issues/get-comment', needs: readsIssues, answer: (call) => ok(viewOf(call, commentOf(call))) },
  { id: 'issues/update-comment', needs: writesComments, answer: updateComment },
  { id: 'issues/delete-comment', needs: writesComments, answer: deleteComment },
];

function commentOf(call: Call): Comment {
  return member(repositoryOf(call).comments, part(call, 'comment_id'));
}

function viewOf(call: Call, comment: Comment) {
  return commentView(call.github, repositoryOf(call), comment);
}

function listOnIssue(call: Call): Promise<Reply> {
  return listSince(call, commentsOf(repositoryOf(call), issueOf(call).number));
}

function listAll(call: Call): Promise<Reply> {
  const all = [...repositoryOf(call).comments.values()];
  return listSince(call, call.query['direction'] === 'desc' ? all.reverse() : all);
}

function listSince(call: Call, comments: readonly Comment[]): Promise<Reply> {
  const since = Date.parse(call.query['since'] ?? '1970-01-01T00:00:00Z');
  const recent = comments.filter(({ updatedAt }) => Date.parse(updatedAt) >= since);
  return listed(call, recent, (comment) => viewOf(call, comment));
}

function createComment(call: Call): Reply {
  const { github, token } = call;
  const repository = repositoryOf(call);
  const now = github.now();
  const comment: Comment = {
    id: github.nextId(),
    issue: issueOf(call).number,
    body: givenBody(call),
    author: actorOf(call),
    app: token?.app,
    createdAt: now,
    updatedAt: now,
  };
  repository.comments.set(comment.id, comment);
  github.emit(token, repository, 'issue_comment', 'created', comment.issue);
  return created(viewOf(call, comment));
}

function updateComment(call: Call): Reply {
  const comment = ownOrManaged(call);
  comment.body = givenBody(call);
  comment.updatedAt = call.github.now();
  call.github.emit(call.token, repositoryOf(call), 'issue_comment', 'edited', comment.issue);
  return ok(viewOf(call, comment));
}

function deleteComment(call: Call): Reply {
  const comment = ownOrManaged(call);
  repositoryOf(call).comments.delete(comment.id);
  call.github.emit(call.token, repositoryOf(call), 'issue_comment', 'deleted', comment.issue);
  return gone;
}

function givenBody(call: Call): string {
  const { body } = bodyOf<'issues/create-comment'>(call);
  checkBody('IssueComment', body);
  if (body.trim() !== '') return body;
  throw validationFailed({ resource: 'IssueComment', code: 'missing_field', field: 'body' });
}

/** @throws {ApiFailure} 403 for a person without a right to others' comments */
function ownOrManaged(call: Call): Comment {
  const comment = commentOf(call);
  const author = actorOf(call);
  if (comment.author === author || call.token?.app) return comment;
  if (atLeast(roleOf(author, repositoryOf(call)), 'write')) return comment;
  throw notAccessible('personal access token');
}
