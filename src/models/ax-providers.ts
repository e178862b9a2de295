/**
 * A provider Ax offers. A table of our own, because asking Ax would load 20 MB for a spelling mistake; a test
 * compares it with Ax.
 */
export type AxProvider = {
  /** Environment variables that usually hold the key, the most usual first. */
  readonly apiKeyEnv: readonly [string, ...string[]];
  /** False for servers that run without a key. */
  readonly needsKey: boolean;
  /** True where every customer has an own address. */
  readonly needsAddress: boolean;
};

function hosted(...apiKeyEnv: [string, ...string[]]): AxProvider {
  return { apiKeyEnv, needsKey: true, needsAddress: false };
}

function ownAddress(...apiKeyEnv: [string, ...string[]]): AxProvider {
  return { apiKeyEnv, needsKey: true, needsAddress: true };
}

function local(...apiKeyEnv: [string, ...string[]]): AxProvider {
  return { apiKeyEnv, needsKey: false, needsAddress: false };
}

function localOwnAddress(...apiKeyEnv: [string, ...string[]]): AxProvider {
  return { apiKeyEnv, needsKey: false, needsAddress: true };
}

/**
 * By Ax's name. Left out: `openai-compatible` (our own client does it), `webllm` (a browser engine),
 * `typesafe` (answers typed questions, not messages).
 */
export const axProviders = {
  openai: hosted('OPENAI_API_KEY'),
  'openai-responses': hosted('OPENAI_API_KEY'),
  anthropic: hosted('ANTHROPIC_API_KEY'),
  'google-gemini': hosted('GEMINI_API_KEY', 'GOOGLE_API_KEY'),
  'azure-openai': ownAddress('AZURE_OPENAI_API_KEY'),
  deepseek: hosted('DEEPSEEK_API_KEY'),
  'deepseek-responses': hosted('DEEPSEEK_API_KEY'),
  meta: hosted('META_API_KEY'),
  'meta-chat': hosted('META_API_KEY'),
  'meta-messages': hosted('META_API_KEY'),
  mistral: hosted('MISTRAL_API_KEY'),
  cohere: hosted('COHERE_API_KEY', 'CO_API_KEY'),
  grok: hosted('XAI_API_KEY'),
  reka: hosted('REKA_API_KEY'),
  together: hosted('TOGETHER_API_KEY'),
  openrouter: hosted('OPENROUTER_API_KEY'),
  orcarouter: hosted('ORCAROUTER_API_KEY'),
  fireworks: hosted('FIREWORKS_API_KEY'),
  'huggingface-router': hosted('HF_TOKEN'),
  'amazon-bedrock': ownAddress('AWS_BEARER_TOKEN_BEDROCK'),
  'azure-foundry': ownAddress('AZURE_AI_API_KEY'),
  'vertex-ai': ownAddress('VERTEX_ACCESS_TOKEN'),
  databricks: ownAddress('DATABRICKS_TOKEN'),
  baseten: hosted('BASETEN_API_KEY'),
  groq: hosted('GROQ_API_KEY'),
  cerebras: hosted('CEREBRAS_API_KEY'),
  deepinfra: hosted('DEEPINFRA_API_KEY', 'DEEPINFRA_TOKEN'),
  sambanova: hosted('SAMBANOVA_API_KEY'),
  nebius: hosted('NEBIUS_API_KEY'),
  novita: hosted('NOVITA_API_KEY'),
  hyperbolic: hosted('HYPERBOLIC_API_KEY'),
  siliconflow: hosted('SILICONFLOW_API_KEY'),
  friendli: hosted('FRIENDLI_TOKEN'),
  'cloudflare-workers-ai': ownAddress('CLOUDFLARE_API_TOKEN'),
  featherless: hosted('FEATHERLESS_API_KEY'),
  nscale: ownAddress('NSCALE_SERVICE_TOKEN'),
  ovhcloud: ownAddress('OVH_AI_ENDPOINTS_ACCESS_TOKEN'),
  scaleway: hosted('SCW_SECRET_KEY'),
  'nvidia-nim': localOwnAddress('NVIDIA_API_KEY'),
  'runpod-vllm': ownAddress('RUNPOD_API_KEY'),
  'sagemaker-vllm': localOwnAddress('SAGEMAKER_API_KEY'),
  vllm: local('VLLM_API_KEY'),
  ollama: local('OLLAMA_API_KEY'),
  'lm-studio': local('LM_STUDIO_API_KEY'),
  'llama-cpp': local('LLAMA_CPP_API_KEY'),
  localai: local('LOCALAI_API_KEY'),
  'baseten-engine': localOwnAddress('BASETEN_API_KEY'),
} satisfies Record<string, AxProvider>;

export type AxProviderName = keyof typeof axProviders;

export const axProviderNames = Object.keys(axProviders) as AxProviderName[];

/** True for the name of a provider Ax offers. */
export function isAxProvider(name: string): name is AxProviderName {
  return Object.hasOwn(axProviders, name);
}
