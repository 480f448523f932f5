import { ApiError } from '../common/errors/api-error.js';
import type { Configuration } from '../config/configuration.js';

/** Throws `conflict` for an instance of the file or the environment: they are the operator's word. */
export function refuseManagedProvider(configuration: Configuration, name: string): void {
  const source = configuration.providers().find((one) => one.name === name)?.source;
  if (source === 'file') throw managedByFile('provider', name);
  if (source !== 'environment') return;
  throw new ApiError(
    'conflict',
    `The provider ${name} is made by the environment of the server: change it there.`,
  );
}

/** The same of a public name of the file. */
export function refuseManagedModel({ written }: Configuration, name: string): void {
  if (written.models.some((model) => model.name === name)) throw managedByFile('route', name);
}

/** The same of a price of the file. */
export function refuseManagedPrice({ written }: Configuration, model: string): void {
  if (written.prices.some((price) => price.model === model)) throw managedByFile('price of', model);
}

function managedByFile(what: string, name: string): ApiError {
  return new ApiError(
    'conflict',
    `The ${what} ${name} is managed by llm-proxy.yaml: change it there.`,
  );
}
