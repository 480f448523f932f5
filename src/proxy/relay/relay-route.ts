import type { Endpoint } from '../../config/endpoints.js';
import { throwError } from 'rxjs';
import { ProviderError } from '../../providers/contract/provider-error.js';
import type { RelayedEndpoint, RelayRequest } from '../../providers/contract/relay.js';
import type { UsageUnits } from '../../providers/contract/usage-units.js';
import type { RouteTarget } from '../../routing/route-target.js';
import type { Route, RouteInput, UploadRoute } from '../route.js';
import { answerRelayed } from './answer-relayed.js';
import { RelayInput, type RelayBody } from './relay-input.js';
import { UploadInput, type UploadUnits } from './upload-input.js';

/** A request that goes to the vendor as it came, the model's name apart. */
export interface RelayableInput extends RouteInput {
  bodyFor(target: RouteTarget): RelayRequest['body'];
}

export interface RelayRouteSettings {
  readonly endpoint: RelayedEndpoint;
  /** As the ledger names it. */
  readonly dialect: Endpoint;
}

export interface JsonRelaySettings extends RelayRouteSettings {
  /** The same request twice costs twice: no second try when the vendor may have begun. */
  readonly isCostly: boolean;
  /** JSON Schema of the body. */
  readonly schema: object;
  /** The member that a model reads, for the length of the prompt. */
  readonly textMember: string;
  /** As `RouteInput.counted`, of a valid body. */
  readonly counted?: (body: RelayBody) => UsageUnits;
  /** As `RouteInput.mostUnits`, of a valid body. */
  readonly mostUnits?: (body: RelayBody) => UsageUnits;
}

/** A route whose requests are JSON and whose answers are what the vendor sends. */
export function jsonRelayRoute(settings: JsonRelaySettings): Route<RelayInput> {
  const readInput = RelayInput.reader(settings);
  return { ...relayRoute<RelayInput>(settings), read: readInput };
}

/** A route whose requests are forms with files. */
export function uploadRelayRoute(
  settings: RelayRouteSettings & UploadUnits & { readonly hasImages: boolean },
): UploadRoute<UploadInput> {
  return {
    ...relayRoute<UploadInput>(settings),
    readUpload: (upload) => new UploadInput(upload, settings),
  };
}

function relayRoute<Input extends RelayableInput>({
  endpoint,
  dialect,
}: RelayRouteSettings): Pick<Route<Input>, 'dialect' | 'serves' | 'answer'> {
  return {
    dialect,
    serves: ({ provider }) => provider.relay?.endpoints.has(endpoint) === true,
    answer: (call, streams) =>
      answerRelayed(
        call,
        (target, to, { input }) =>
          target.provider.relay?.send({ endpoint, body: input.bodyFor(target) }, to) ??
          // Its instance got another type after the target was chosen.
          throwError(() => {
            return new ProviderError('unavailable', 'The provider of this model cannot do this.');
          }),
        streams,
      ),
  };
}
