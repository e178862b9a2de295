/** GitHub Models' publishers that have an API of their own, by promptline's name of the provider. */
const publishers: Readonly<Record<string, string>> = {
  openai: 'openai',
  deepseek: 'deepseek',
  cohere: 'cohere',
  'mistral-ai': 'mistral',
  xai: 'grok',
};

/** Publishers whose models GitHub served and whose names no provider takes as they are. */
const withoutProvider = ['meta', 'microsoft', 'ai21-labs', 'core42', 'azureml'];

/** The model a `.prompt.yml` names, as provider/model; null where no provider takes it by that name. */
export function githubModel(name: string): string | null {
  const slash = name.indexOf('/');
  if (slash < 0) return /^(gpt-|o\d|chatgpt-)/.test(name) ? `openai/${name}` : null;
  const publisher = name.slice(0, slash);
  if (withoutProvider.includes(publisher)) return null;
  const provider = Object.hasOwn(publishers, publisher) ? publishers[publisher] : undefined;
  return `${provider ?? publisher}${name.slice(slash)}`;
}
