import type { MediaLoader } from '../contract/media.js';
import type { Target } from '../contract/target.js';
import type { OllamaChatRequest } from './ollama-api.js';

/** The request with every picture in it. Rejects with a `ProviderError` for one that cannot be had. */
export async function loadMedia(
  request: OllamaChatRequest,
  loader: MediaLoader,
  target: Target,
): Promise<OllamaChatRequest> {
  const messages = await Promise.all(
    request.messages.map(async (message) => {
      if (!message.images) return message;
      const images = message.images.map(async (image) =>
        typeof image === 'string'
          ? image
          : (await loader.load(image.url, target, image.path)).base64,
      );
      return { ...message, images: await Promise.all(images) };
    }),
  );
  return { ...request, messages };
}
