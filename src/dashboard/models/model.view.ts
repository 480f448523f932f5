import { ApiProperty } from '@nestjs/swagger';
/** USD per million tokens where nothing else is said; null where the source names none. */
export class ModelPriceView {
  /** `override` is of the file or of people, `imported` the bundled data. */
  source!: 'override' | 'imported' | 'free' | 'simulated';
  /** Package and version of imported data. */
  sourceVersion!: string | null;
  /** Day or instant from which it holds, where the source says so. */
  effectiveFrom!: string | null;
  input!: number | null;
  cachedInput!: number | null;
  cacheWrite!: number | null;
  cacheWrite1h!: number | null;
  output!: number | null;
  outputReasoning!: number | null;
  /** USD for each request, whatever its tokens. */
  perRequestUsd!: number;
  /** Whether large inputs, service tiers or other units cost something else. */
  hasMore!: boolean;
}

/** Entries as in the `prices` of the configuration file, without the model. */
export class PriceOverrideView {
  source!: 'file' | 'stored';
  /** What is set here; of the file null, since it is read there. */
  @ApiProperty({
    type: 'array',
    nullable: true,
    items: { type: 'object', additionalProperties: true },
  })
  prices!: Record<string, unknown>[] | null;
}

/** What a model can do; null where nobody says. */
export class ModelCapabilitiesView {
  inputs!: ('text' | 'image' | 'audio' | 'video' | 'file' | 'embedding')[] | null;
  outputs!: ('text' | 'image' | 'audio' | 'video' | 'file' | 'embedding')[] | null;
  tools!: boolean | null;
  reasoning!: boolean | null;
  structuredOutput!: boolean | null;
}

/** A model as the catalogue has it, or a public name. */
export class ModelView {
  /** What clients ask for: `instance/model`, or the public name. */
  id!: string;
  kind!: 'model' | 'route';
  /** Of a public name: where it leads first; null when that is nowhere. */
  provider!: string | null;
  model!: string | null;
  displayName!: string | null;
  ownedBy!: string;
  /** False is unknown to clients. */
  enabled!: boolean;
  capabilities!: ModelCapabilitiesView;
  /** Tokens of input and output together; null where nobody says. */
  contextTokens!: number | null;
  maxOutputTokens!: number | null;
  /** Null is unpriced, which is not free. */
  price!: ModelPriceView | null;
  /** Null where the price is not overridden. */
  override!: PriceOverrideView | null;
  /** Public names that lead to this model first. */
  aliases!: string[];
  /** ISO 8601: begin of the hour of its last request; null when there was none for thirty days. */
  lastUsedAt!: string | null;
}

export class ModelPage {
  items!: ModelView[];
  /** Null on the last page. */
  nextCursor!: string | null;
}
