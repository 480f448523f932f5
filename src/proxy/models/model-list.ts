import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import type { CatalogModel } from '../../catalog/catalog-model.js';
import type { Modality } from '../../providers/contract/provider.js';
import { Catalog } from '../../catalog/catalog.service.js';
import { modelNotFound, Router } from '../../routing/router.service.js';

interface CapabilitySupport {
  supported: boolean;
}

/** Read by both OpenAI's and Anthropic's SDKs: the members of both. */
export interface ModelObject {
  id: string;
  object: 'model';
  type: 'model';
  /** Unix seconds. */
  created: number;
  /** RFC 3339. */
  created_at: string;
  owned_by: string;
  display_name: string;
  /** Tokens of input and output together. */
  context_length?: number;
  max_output_tokens?: number;
  /** The same two as Anthropic calls them. */
  max_input_tokens?: number;
  max_tokens?: number;
  modalities?: { input?: readonly Modality[]; output?: readonly Modality[] };
  /** What is absent is not known. */
  capabilities?: {
    tools?: boolean;
    reasoning?: boolean;
    structured_output?: boolean;
    /** These, as Anthropic's clients look for them. */
    thinking?: CapabilitySupport;
    structured_outputs?: CapabilitySupport;
    image_input?: CapabilitySupport;
    pdf_input?: CapabilitySupport;
  };
}

export interface ModelListBody {
  object: 'list';
  data: ModelObject[];
  has_more: false;
  first_id: string | null;
  last_id: string | null;
}

/** The models that a key may use. */
@Injectable()
export class ModelList {
  constructor(
    private readonly catalog: Catalog,
    private readonly router: Router,
  ) {}

  list(principal: Principal): ModelListBody {
    const data = this.catalog
      .list()
      .filter(({ id }) => principal.allowsModel(id))
      .map(toModelObject);
    return {
      object: 'list',
      data,
      has_more: false,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
    };
  }

  /** @throws ApiError `model_not_found` */
  get(id: string, principal: Principal): ModelObject {
    const model = this.catalog.find(id) ?? this.#findBare(id, principal);
    if (model === undefined || !principal.allowsModel(model.id)) throw modelNotFound(id);
    return toModelObject(model);
  }

  /** A name without its instance, where it means one model only. */
  #findBare(name: string, principal: Principal): CatalogModel | undefined {
    const [target] = this.router.planFor([name], principal).targets;
    return target && this.catalog.find(`${target.instance.name}/${target.model}`);
  }
}

function toModelObject(model: CatalogModel): ModelObject {
  const { created, facts } = model;
  return {
    id: model.id,
    object: 'model',
    type: 'model',
    created,
    created_at: new Date(created * 1000).toISOString(),
    owned_by: model.ownedBy,
    display_name: facts.displayName ?? model.id,
    context_length: facts.contextTokens,
    max_output_tokens: facts.maxOutputTokens,
    max_input_tokens: facts.contextTokens,
    max_tokens: facts.maxOutputTokens,
    modalities: withoutUnknown({ input: facts.inputs, output: facts.outputs }),
    capabilities: withoutUnknown({
      tools: facts.tools,
      reasoning: facts.reasoning,
      structured_output: facts.structuredOutput,
      thinking: toSupport(facts.reasoning),
      structured_outputs: toSupport(facts.structuredOutput),
      image_input: toSupport(facts.inputs?.includes('image')),
      pdf_input: toSupport(facts.inputs?.includes('file')),
    }),
  };
}

function toSupport(supported: boolean | undefined): CapabilitySupport | undefined {
  return supported === undefined ? undefined : { supported };
}

/** Undefined when nothing of it is known; JSON leaves out undefined members by itself. */
function withoutUnknown<T extends object>(members: T): T | undefined {
  return Object.values(members).some((value) => value !== undefined) ? members : undefined;
}
