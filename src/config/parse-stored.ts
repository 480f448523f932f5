import { z } from 'zod';
import {
  fileProvider,
  type FileModel,
  type FilePrice,
  type FileProvider,
} from './configuration-file.js';
import { fileModel } from './file-models.js';
import { filePrice } from './file-prices.js';
import { freezeDeep } from './freeze-deep.js';
import { formatPath, listProblems } from './list-problems.js';
import type { ProviderMode, StoredObject } from './stored-object.js';

/** What one stored object adds to the configuration. */
export type StoredPart =
  | { readonly kind: 'provider'; readonly provider: FileProvider; readonly isEnabled: boolean }
  | { readonly kind: 'model'; readonly model: FileModel }
  | { readonly kind: 'price'; readonly prices: readonly FilePrice[] }
  | { readonly kind: 'provider_switch'; readonly mode: ProviderMode }
  | { readonly kind: 'model_switch' };

export interface StoredProblems {
  /** Each as `where: what`. */
  readonly problems: readonly string[];
}

const providerFlag = z.object({ enabled: z.boolean({ error: 'must be true or false' }) });
const providerSwitch = z.object({ mode: z.enum(['on', 'off'], { error: 'must be on or off' }) });
const priceList = z.object({
  prices: z
    .array(filePrice, { error: 'must be a list of prices' })
    .min(1, { error: 'must have at least one price' }),
});

/** Checked by the same schemas as the file, member by member. */
export function parseStored({
  kind,
  name,
  value,
  apiKeys,
}: StoredObject): StoredPart | StoredProblems {
  switch (kind) {
    case 'provider': {
      const { enabled = true, ...rest } = value;
      const flag = providerFlag.safeParse({ enabled });
      const keys = apiKeys.length === 0 ? {} : { apiKeys: apiKeys.map((key) => key.reveal()) };
      return read(fileProvider.safeParse({ ...rest, ...keys, name }), (provider) =>
        read(flag, (given) => ({
          kind,
          provider: { ...provider, isStored: true },
          isEnabled: given.enabled,
        })),
      );
    }
    case 'model':
      return read(fileModel.safeParse({ ...value, name }), (model) => ({ kind, model }));
    case 'price':
      return read(priceList.safeParse(withModel(value, name)), ({ prices }) => ({ kind, prices }));
    case 'provider_switch':
      return read(providerSwitch.safeParse(value), ({ mode }) => ({ kind, mode }));
    case 'model_switch':
      return { kind };
  }
}

function withModel({ prices }: StoredObject['value'], model: string): unknown {
  if (!Array.isArray(prices)) return { prices };
  return { prices: prices.map((price: object) => ({ ...price, model })) };
}

function read<T>(
  result: z.ZodSafeParseResult<T>,
  convert: (data: T) => StoredPart | StoredProblems,
): StoredPart | StoredProblems {
  if (result.success) return freezeDeep(convert(result.data));
  const found = result.error.issues.flatMap(listProblems);
  return {
    problems: found.map(({ path, message }) =>
      path.length === 0 ? message : `${formatPath(path)}: ${message}`,
    ),
  };
}
