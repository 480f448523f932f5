import { describeProvider } from '../contract/describe-provider.contract.js';
import { MediaLoader, type Media } from '../contract/media.js';
import { GEMINI_VENDOR } from './gemini-answers.contract.js';
import { GeminiProvider } from './gemini.provider.js';

class FakeMediaLoader extends MediaLoader {
  async load(url: string): Promise<Media> {
    return { mediaType: 'image/png', base64: Buffer.from(url).toString('base64') };
  }
}

describeProvider('gemini', {
  create: (upstream) => new GeminiProvider(upstream, new FakeMediaLoader()),
  vendor: GEMINI_VENDOR,
});
