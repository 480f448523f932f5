import { describe, expect, it } from 'vitest';
import { ApiError } from '../common/errors/api-error.js';
import { CatalogIndex } from './catalog-index.js';

const sut = new CatalogIndex({
  publicModels: [
    {
      name: 'fast',
      targets: [{ model: 'openai/gpt-4o-mini' }, { model: 'router/meta/llama' }],
      fallbacks: ['openai/gpt-4o-mini', 'azure/gpt-4o'],
    },
    { name: 'openai/gpt-4o', targets: [{ model: 'azure/gpt-4o' }], fallbacks: [] },
    { name: 'broken', targets: [{ model: 'simulated/nothing' }], fallbacks: [] },
  ],
  instances: [
    { name: 'openai', isOpen: true, models: ['gpt-4o', 'gpt-4o-mini', 'o3'] },
    { name: 'azure', isOpen: true, models: ['gpt-4o'] },
    { name: 'router', isOpen: true, models: ['meta/llama', 'openai/o3'] },
    { name: 'simulated', isOpen: false, models: ['echo', 'slow', 'error-500'] },
  ],
  knows: (instance, model) =>
    model === 'o3-2025' ? instance === 'openai' : model === 'gpt-4o-2024' && instance !== 'router',
});

function errorOf(name: string): ApiError {
  try {
    sut.resolve(name);
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  throw new Error(`${name} was resolved`);
}

describe(CatalogIndex.name, () => {
  it('gives the targets of a public name, then its fallbacks, each once', () => {
    expect(sut.resolve('fast')).toEqual([
      { instance: 'openai', model: 'gpt-4o-mini' },
      { instance: 'router', model: 'meta/llama' },
      { instance: 'azure', model: 'gpt-4o' },
    ]);
  });

  it('lets a public name win over an address', () => {
    expect(sut.resolve('openai/gpt-4o')).toEqual([{ instance: 'azure', model: 'gpt-4o' }]);
  });

  it.each([
    ['openai/gpt-99', 'openai', 'gpt-99'],
    ['router/meta/llama', 'router', 'meta/llama'],
    ['openai/o3', 'openai', 'o3'],
    ['simulated/echo', 'simulated', 'echo'],
    ['simulated/slow-500ms-20cps', 'simulated', 'slow-500ms-20cps'],
    ['o3', 'openai', 'o3'],
    ['meta/llama', 'router', 'meta/llama'],
    ['echo', 'simulated', 'echo'],
    ['o3-2025', 'openai', 'o3-2025'],
  ])('resolves %s to %s and %s', (name, instance, model) => {
    expect(sut.resolve(name)).toEqual([{ instance, model }]);
  });

  it.each(['gpt-4o', 'gpt-4o-2024'])('asks which %s is meant, and says what there is', (name) => {
    const error = errorOf(name);
    expect(error).toMatchObject({ code: 'ambiguous_model', status: 400, param: 'model' });
    expect(error.message).toContain(`openai/${name}, azure/${name}`);
  });

  it.each([
    '',
    '/',
    'openai/',
    '/gpt-4o',
    'gpt-99',
    'nobody/gpt-4o',
    'simulated/nothing',
    'simulated/',
    'simulated/error',
    'simulated/-echo',
    'broken',
    '__proto__',
    'Openai/gpt-4o',
  ])('knows no model %j', (name) => {
    expect(errorOf(name)).toMatchObject({ code: 'model_not_found', status: 404, param: 'model' });
  });

  it('repeats only the beginning of a name', () => {
    expect(errorOf('x'.repeat(1_000_000)).message.length).toBeLessThan(200);
  });

  describe('a bare name that vendors list', () => {
    const listing = new CatalogIndex({
      publicModels: [],
      instances: [
        { name: 'vendor', isOpen: true, models: ['priced'], listed: ['priced', 'new'] },
        { name: 'relay', isOpen: true, models: [], listed: ['priced', 'dated', 'named', 'both'] },
        { name: 'other', isOpen: true, models: [], named: ['named'], listed: ['named', 'both'] },
      ],
      knows: (instance, model) => instance === 'vendor' && model === 'dated',
    });

    it.each([
      ['stays with the one whose price data has it', 'priced', 'vendor'],
      ['stays with the one whose price data knows it by another name', 'dated', 'vendor'],
      ['goes to the one that the configuration names', 'named', 'other'],
      ['is new, when only one lists it', 'new', 'vendor'],
    ])('%s', (_what, model, instance) => {
      expect(listing.resolve(model)).toEqual([{ instance, model }]);
    });

    it('is ambiguous when several list it and nothing tells them apart', () => {
      expect(() => listing.resolve('both')).toThrow('relay/both, other/both');
    });
  });
});
