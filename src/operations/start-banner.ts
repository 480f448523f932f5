import type { Secret } from '../common/secret.js';

export interface StartFacts {
  readonly url: string;
  /** Only while no real provider is configured. */
  readonly demoKey: Secret | undefined;
  readonly instances: readonly string[];
  /** Only while there is no administrator. */
  readonly setupToken: Secret | undefined;
}

/** What a person who starts the proxy needs next; every line of it works as pasted. */
export function startBanner({ url, demoKey, instances, setupToken }: StartFacts): string {
  const lines = [`LLM Proxy is listening on ${url}`, `Providers: ${instances.join(', ')}`];
  if (setupToken !== undefined) {
    lines.push(
      'Nobody can sign in yet. Make the first administrator, once and within 24 hours:',
      `  ${url}/setup#token=${setupToken.reveal()}`,
    );
  }
  if (demoKey === undefined) {
    lines.push(`Make an API key:  npx llm-proxy keys create --client my-app`);
  } else {
    const key = demoKey.reveal();
    const body = JSON.stringify({
      model: 'simulated/echo',
      messages: [{ role: 'user', content: 'Hello' }],
    });
    lines.push(
      'No provider is configured, so the simulated one answers.',
      `Demo key (this machine only): ${key}`,
      'Try it:',
      '',
      `curl ${url}/v1/chat/completions -H "Authorization: Bearer ${key}" -H "content-type: application/json" -d '${body}'`,
      '',
    );
  }
  return `${lines.join('\n')}\n`;
}
