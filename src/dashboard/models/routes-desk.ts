import { Injectable } from '@nestjs/common';
import { ApiError } from '../../common/errors/api-error.js';
import { Configuration } from '../../config/configuration.js';
import { parseStored } from '../../config/parse-stored.js';
import { storedKey, type StoredObject } from '../../config/stored-object.js';
import { StoredModels } from '../../provisioning/stored-models.service.js';
import { routeView, type RouteView } from './route.view.js';

/** Public names as people see them: those of the file, and those that were set. */
@Injectable()
export class RoutesDesk {
  constructor(
    private readonly configuration: Configuration,
    private readonly models: StoredModels,
  ) {}

  async list(): Promise<RouteView[]> {
    const { written, disabledModels } = this.configuration;
    const filed = new Set(written.models.map(({ name }) => name));
    const stored = (await this.models.routes()).filter(({ name }) => !filed.has(name));
    return [
      ...written.models.map((model) =>
        routeView(model, {
          source: 'file',
          enabled: !disabledModels.has(model.name),
          problems: [],
        }),
      ),
      ...stored.flatMap((object) => this.#viewOf(object)),
    ];
  }

  /** Throws `not_found`. */
  async get(name: string): Promise<RouteView> {
    const found = (await this.list()).find((one) => one.name === name);
    if (found !== undefined) return found;
    throw new ApiError('not_found', `There is no route '${name}'.`, { param: 'name' });
  }

  #viewOf(object: StoredObject): RouteView[] {
    const part = parseStored(object);
    if ('problems' in part || part.kind !== 'model') return [];
    const { disabledModels, storedProblems } = this.configuration;
    return [
      routeView(part.model, {
        source: 'stored',
        enabled: !disabledModels.has(object.name),
        problems: storedProblems.get(storedKey(object)) ?? [],
      }),
    ];
  }
}
