/** A known vendor of the type `openai-compatible`. */
export class PresetView {
  name!: string;
  baseUrl!: string | null;
  requiresApiKey!: boolean;
}

/** A kind of provider, and what has to be said to make one. */
export class ProviderTypeView {
  type!: string;
  /** For people. */
  label!: string;
  requiresApiKey!: boolean;
  /** Whether there is none that it would take by itself. */
  requiresBaseUrl!: boolean;
  /** The one it takes when none is given. */
  baseUrl!: string | null;
  listsModels!: boolean;
  presets!: PresetView[];
  /** JSON Schema of `settings`; null where the type has none. */
  settings!: Record<string, unknown> | null;
}

export class ProviderTypeList {
  items!: ProviderTypeView[];
}
