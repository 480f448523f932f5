/**
 * Provider instances that the environment alone can make, each of the type of its name. Those that
 * have several variables need all of them.
 */
export const ENVIRONMENT_INSTANCES = {
  openai: { apiKey: 'OPENAI_API_KEY' },
  anthropic: { apiKey: 'ANTHROPIC_API_KEY' },
  gemini: { apiKey: 'GEMINI_API_KEY' },
  deepseek: { apiKey: 'DEEPSEEK_API_KEY' },
  xai: { apiKey: 'XAI_API_KEY' },
  openrouter: { apiKey: 'OPENROUTER_API_KEY' },
  blackbox: { apiKey: 'BLACKBOX_API_KEY' },
  ollama: { baseUrl: 'OLLAMA_BASE_URL' },
  azure: { baseUrl: 'AZURE_OPENAI_ENDPOINT', apiKey: 'AZURE_OPENAI_API_KEY' },
} as const satisfies Record<string, EnvironmentInstance>;

/** The variables that an instance is made of. */
export interface EnvironmentInstance {
  readonly apiKey?: string;
  readonly baseUrl?: string;
}

type Instances = typeof ENVIRONMENT_INSTANCES;
type Named<Part extends keyof EnvironmentInstance> = Extract<
  Instances[keyof Instances],
  Readonly<Record<Part, string>>
>[Part];

export type ApiKeyVariable = Named<'apiKey'>;
export type BaseUrlVariable = Named<'baseUrl'>;

export const NAMED_INSTANCES: ReadonlyArray<
  readonly [name: string, { apiKey?: ApiKeyVariable; baseUrl?: BaseUrlVariable }]
> = Object.entries(ENVIRONMENT_INSTANCES);
