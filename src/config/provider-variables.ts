import {
  NAMED_INSTANCES,
  type ApiKeyVariable,
  type BaseUrlVariable,
} from './environment-instances.js';
import { providerUrl, secretText } from './environment-schemas.js';
import { optional, secret } from './variable-declaration.js';

const WHEN_UNSET = 'no such provider';

/** The variables of `ENVIRONMENT_INSTANCES`, in their order. */
export function providerVariables() {
  return Object.fromEntries(
    NAMED_INSTANCES.flatMap(([name, { apiKey, baseUrl }]) => [
      ...(baseUrl === undefined ? [] : [[baseUrl, baseUrlVariable(name, apiKey)]]),
      ...(apiKey === undefined ? [] : [[apiKey, apiKeyVariable(name, baseUrl)]]),
    ]),
  ) as Record<ApiKeyVariable, ReturnType<typeof apiKeyVariable>> &
    Record<BaseUrlVariable, ReturnType<typeof baseUrlVariable>>;
}

/** An administrator's key, which may read what the account used and was charged. */
export function adminKey(type: string) {
  return secret('the keys of the instance', {
    group: 'providers',
    explanation: `Key with which llm-proxy reconcile reads the reports of ${type}; no request uses it.`,
    schema: secretText({ minLength: 1 }),
  });
}

function apiKeyVariable(instance: string, companion: string | undefined) {
  return secret(WHEN_UNSET, {
    group: 'providers',
    explanation: explain('Key', instance, companion),
    schema: secretText({ minLength: 1 }),
  });
}

function baseUrlVariable(instance: string, companion: string | undefined) {
  return optional(WHEN_UNSET, {
    group: 'providers',
    explanation: explain('Base URL', instance, companion),
    schema: providerUrl(),
  });
}

function explain(what: string, instance: string, companion: string | undefined): string {
  const together = companion === undefined ? '' : `; needs ${companion}`;
  return `${what} that creates the provider instance ${instance}, unless the configuration file names one so${together}.`;
}
