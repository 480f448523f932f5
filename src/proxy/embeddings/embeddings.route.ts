import { from, map, throwError } from 'rxjs';
import { ProviderError } from '../../providers/contract/provider-error.js';
import { answerUnary } from '../answer-unary.js';
import type { Ask, Route, WholeAnswer } from '../route.js';
import { EmbeddingsInput } from './embeddings-input.js';
import { withCountedUsage } from './with-counted-usage.js';

/** `POST /v1/embeddings`: one JSON answer, vectors in the order of the inputs. */
export const EMBEDDINGS_ROUTE: Route<EmbeddingsInput> = {
  dialect: 'embeddings',
  serves: ({ provider }) => provider.embed !== undefined,
  read: (body) => new EmbeddingsInput(body),
  answer: (call) => answerUnary(call, embed),
};

const embed: Ask<EmbeddingsInput, WholeAnswer> = (target, to, { input }) => {
  const { provider } = target;
  if (provider.embed !== undefined) {
    return from(provider.embed(input.requestFor(target), to)).pipe(map(withCountedUsage));
  }
  // Its instance got another type after the target was chosen.
  return throwError(() => {
    return new ProviderError('unavailable', 'The provider of this model makes no embeddings.');
  });
};
