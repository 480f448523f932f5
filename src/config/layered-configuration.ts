import { findReferenceProblems } from './check-references.js';
import type { ConfigurationFile } from './configuration-file.js';
import type { Environment } from './environment.js';
import { parseStored, type StoredPart } from './parse-stored.js';
import { environmentInstanceNames, resolveProviders } from './provider-config.js';
import { storedKey, type ProviderMode, type StoredObject } from './stored-object.js';

export interface Layers {
  readonly file: ConfigurationFile;
  readonly environment: Environment;
  readonly stored: readonly StoredObject[];
  /** What other modules find wrong with a configuration. */
  readonly check: (file: ConfigurationFile) => readonly string[];
}

/** Everything that is configured, whoever said it. */
export interface LayeredConfiguration {
  /** The file with what was set beside it. */
  readonly file: ConfigurationFile;
  /** What is wrong with stored objects that were left out, by `storedKey`. */
  readonly problems: ReadonlyMap<string, readonly string[]>;
  /** Public names and `instance/model` that nobody may use. */
  readonly disabledModels: ReadonlySet<string>;
  /** Instances that are not on `auto`. */
  readonly providerModes: ReadonlyMap<string, ProviderMode>;
}

interface Candidate {
  readonly key: string;
  readonly part: Addition;
}

type Addition = Extract<StoredPart, { kind: 'provider' | 'model' | 'price' }>;

/**
 * Puts what was set in the dashboard beside what the environment and the file say. They win where
 * both have a name; of what is wrong by itself or beside the rest, nothing comes into force.
 */
export function layerConfiguration(layers: Layers): LayeredConfiguration {
  const problems = new Map<string, readonly string[]>();
  const candidates: Candidate[] = [];
  const disabledModels = new Set<string>();
  const providerModes = new Map<string, ProviderMode>();
  const isTaken = takenNames(layers);
  for (const object of layers.stored) {
    const part = parseStored(object);
    if ('problems' in part) problems.set(storedKey(object), part.problems);
    else if (part.kind === 'model_switch') disabledModels.add(object.name);
    else if (part.kind === 'provider_switch') providerModes.set(object.name, part.mode);
    else if (isInForce(part) && !isTaken(object)) {
      candidates.push({ key: storedKey(object), part });
    }
  }
  const { file, refused } = addAll(layers, candidates);
  for (const [key, found] of refused) problems.set(key, found);
  return { file, problems, disabledModels, providerModes };
}

function isInForce(part: Addition): boolean {
  return part.kind !== 'provider' || part.isEnabled;
}

function takenNames({ file, environment }: Layers): (object: StoredObject) => boolean {
  const names = {
    provider: new Set([
      ...file.providers.map(({ name }) => name),
      ...environmentInstanceNames(environment),
    ]),
    model: new Set(file.models.map(({ name }) => name)),
    price: new Set(file.prices.map(({ model }) => model)),
  };
  return ({ kind, name }) =>
    (kind === 'provider' || kind === 'model' || kind === 'price') && names[kind].has(name);
}

interface Added {
  readonly file: ConfigurationFile;
  readonly refused: ReadonlyMap<string, readonly string[]>;
}

/** All at once where nothing is wrong; else one after the other, as long as one more fits. */
function addAll(layers: Layers, candidates: readonly Candidate[]): Added {
  const whole = add(
    layers.file,
    candidates.map(({ part }) => part),
  );
  if (findProblems(layers, whole).length === 0) return { file: whole, refused: new Map() };

  let { file } = layers;
  let waiting = candidates;
  for (;;) {
    const refused = new Map<string, readonly string[]>();
    for (const { key, part } of waiting) {
      const larger = add(file, [part]);
      const found = findProblems(layers, larger);
      if (found.length === 0) file = larger;
      else refused.set(key, found);
    }
    // Names may lead to each other, so what was refused may fit beside what came after it.
    if (refused.size === 0 || refused.size === waiting.length) return { file, refused };
    waiting = waiting.filter(({ key }) => refused.has(key));
  }
}

function add(file: ConfigurationFile, parts: readonly Addition[]): ConfigurationFile {
  const of = <Kind extends Addition['kind']>(kind: Kind) =>
    parts.filter((part) => part.kind === kind) as Extract<Addition, { kind: Kind }>[];
  return Object.freeze({
    ...file,
    providers: Object.freeze([...file.providers, ...of('provider').map((part) => part.provider)]),
    models: Object.freeze([...file.models, ...of('model').map((part) => part.model)]),
    prices: Object.freeze([...file.prices, ...of('price').flatMap((part) => part.prices)]),
  });
}

function findProblems({ environment, check }: Layers, file: ConfigurationFile): readonly string[] {
  const instances = new Set(resolveProviders(file, environment).map(({ name }) => name));
  const references = findReferenceProblems(file, instances).map(({ message }) => message);
  return references.length > 0 ? references : check(file);
}
