import type { GitHub } from '../github.ts';
import { type Account, type App, nodeId, type Schemas } from '../state.ts';

export function accountView({ urls }: GitHub, account: Account): Schemas['simple-user'] {
  const url = `${urls.api}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type === 'Bot' ? 'BOT' : 'U', account.id),
    avatar_url: `${urls.server}/avatars/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${urls.server}/${htmlPath(account)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

export function publicUserView(github: GitHub, account: Account): Schemas['public-user'] {
  return {
    ...accountView(github, account),
    name: null,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
  };
}

export function appView(github: GitHub, app: App): NonNullable<Schemas['integration']> {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: accountView(github, app.owner),
    name: app.name,
    description: null,
    external_url: github.urls.server,
    html_url: `${github.urls.server}/apps/${app.slug}`,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
    permissions: { metadata: 'read' },
    events: [],
  };
}

function htmlPath({ login, type }: Account): string {
  return type === 'Bot' ? `apps/${login.replace(/\[bot\]$/, '')}` : login;
}
