import type { KeyRole } from '../clients/key-role.js';
import { compileModelPatterns, type ModelPredicate } from './model-patterns.js';

export interface PrincipalFields {
  keyId: string;
  role: KeyRole;
  clientId: string;
  clientName: string;
  /** Model names and `*` globs such as `openai/*`; null allows every model. */
  allowedModels: readonly string[] | null;
}

/** Who a request comes from: one API key of one client. Immutable, shared by all requests of the key. */
export class Principal {
  readonly keyId: string;
  readonly role: KeyRole;
  readonly clientId: string;
  readonly clientName: string;
  readonly #allowsModel: ModelPredicate;

  constructor(fields: PrincipalFields) {
    this.keyId = fields.keyId;
    this.role = fields.role;
    this.clientId = fields.clientId;
    this.clientName = fields.clientName;
    this.#allowsModel = compileModelPatterns(fields.allowedModels);
    Object.freeze(this);
  }

  /** Whether this key may use the public model name, e.g. `fast` or `openai/gpt-4o-mini`. */
  allowsModel(name: string): boolean {
    return this.#allowsModel(name);
  }
}

declare global {
  namespace Express {
    interface Request {
      /** Set by the access guard on every route that is not public. */
      principal?: Principal;
    }
  }
}
