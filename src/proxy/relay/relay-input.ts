import type { ProviderError } from '../../providers/contract/provider-error.js';
import type { UsageUnits } from '../../providers/contract/usage-units.js';
import type { RouteTarget } from '../../routing/route-target.js';
import type { JsonBody } from '../body/read-json-body.js';
import { compileSchema, validate } from '../body/validate.js';
import { withChanges } from '../body/with-changes.js';
import type { JsonRelaySettings, RelayableInput } from './relay-route.js';

export interface RelayBody {
  model: string;
  stream?: boolean | null;
  stream_format?: string | null;
  [member: string]: unknown;
}

/** A valid JSON request for an endpoint that is relayed. */
export class RelayInput implements RelayableInput {
  readonly hasImages = false;
  readonly estimates = false;
  readonly model: string;

  private constructor(
    private readonly body: JsonBody,
    private readonly value: RelayBody,
    private readonly settings: JsonRelaySettings,
  ) {
    this.model = value.model;
  }

  /** The reader throws `ApiError` `invalid_value`. */
  static reader(settings: JsonRelaySettings): (body: JsonBody) => RelayInput {
    const check = compileSchema(settings.schema);
    return (body) => {
      const { value } = body;
      validate<RelayBody>(check, value);
      return new RelayInput(body, value, settings);
    };
  }

  /** Speech says it in words of its own. */
  get stream(): boolean {
    return this.value.stream === true || this.value.stream_format === 'sse';
  }

  get user(): string | null {
    const user = this.value['user'];
    return typeof user === 'string' ? user : null;
  }

  get characters(): number {
    return lengthOf(this.value[this.settings.textMember]);
  }

  get counted(): UsageUnits | undefined {
    return this.settings.counted?.(this.value);
  }

  get mostUnits(): UsageUnits | undefined {
    return this.settings.mostUnits?.(this.value);
  }

  mayRepeat(error: ProviderError): boolean {
    return !this.settings.isCostly || error.turnedAway;
  }

  bodyFor({ model }: RouteTarget): string {
    return withChanges<RelayBody>(this.body, { model }, true).text;
  }
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (!Array.isArray(value)) return 0;
  return (value as unknown[]).reduce<number>((sum, each) => sum + lengthOf(each), 0);
}
