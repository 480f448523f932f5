import ts from 'typescript';

/** As far as types can be told in JSON Schema; other members than the named ones are allowed. */
export type JsonSchema = Record<string, unknown>;

/**
 * Writes JSON Schemas of the declared types of a module: what must be there, of which type, and one
 * of which values.
 */
export class TypesToSchemas {
  /** By the name under which others refer to it. */
  readonly definitions: Record<string, JsonSchema> = {};
  readonly #names = new Map<ts.Type, string>();
  readonly #checker: ts.TypeChecker;
  readonly #program: ts.Program;

  /** @param files paths of the declaration files that `schemaOf` may be asked for */
  constructor(files: readonly string[]) {
    this.#program = ts.createProgram(files, {
      strict: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.NodeNext,
      types: [],
    });
    this.#checker = this.#program.getTypeChecker();
  }

  /** Throws when the file exports no such type. */
  schemaOf(file: string, name: string): JsonSchema {
    const source = this.#program.getSourceFile(file);
    const module = source && this.#checker.getSymbolAtLocation(source);
    const exported = module && this.#checker.getExportsOfModule(module);
    const symbol = exported?.find((each) => each.name === name);
    if (symbol === undefined) throw new Error(`${file} exports no ${name}.`);
    return this.#schemaOf(this.#checker.getDeclaredTypeOfSymbol(symbol));
  }

  #schemaOf(type: ts.Type): JsonSchema {
    if (type.isUnion()) return this.#unionOf(type.types);
    if (type.isIntersection()) return this.#intersectionOf(type.types);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) {
      return { const: this.#checker.typeToString(type) === 'true' };
    }
    if (type.flags & ts.TypeFlags.String) return { type: 'string' };
    if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (this.#checker.isArrayType(type)) {
      const [items] = this.#checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', items: this.#schemaOf(items!) };
    }
    if (type.flags & ts.TypeFlags.Object) return this.#referenceTo(type);
    throw new Error(`No schema for ${this.#checker.typeToString(type)}.`);
  }

  /** An open list of names is declared as `'a' | (string & {})`: any text. */
  #intersectionOf(types: readonly ts.Type[]): JsonSchema {
    const told = types.filter((each) => !this.#isEmpty(each));
    return { allOf: told.map((each) => this.#schemaOf(each)) };
  }

  #isEmpty(type: ts.Type): boolean {
    return this.#isPlainObject(type) && this.#checker.getPropertiesOfType(type).length === 0;
  }

  #unionOf(types: readonly ts.Type[]): JsonSchema {
    const told = types.filter(
      (each) => !(each.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)),
    );
    const whole = this.#choiceOf(told);
    const isNullable = types.some((each) => each.flags & ts.TypeFlags.Null);
    return isNullable ? { if: { not: { type: 'null' } }, then: whole } : whole;
  }

  #choiceOf(told: readonly ts.Type[]): JsonSchema {
    const schemas = told.map((each) => this.#schemaOf(each));
    if (schemas.every((schema) => 'const' in schema)) {
      return { enum: schemas.map((schema) => schema['const']) };
    }
    const objects = told.filter((each) => this.#isPlainObject(each));
    const tag = objects.length > 1 ? this.#findTag(objects) : undefined;
    if (tag === undefined) return { anyOf: schemas };
    // With a tag it is told what is wrong with the one form that was meant.
    const others = told.filter((each) => !objects.includes(each));
    const tagged = {
      type: 'object',
      discriminator: { propertyName: tag },
      required: [tag],
      oneOf: objects.map((each) => this.#schemaOf(each)),
    };
    if (others.length === 0) return tagged;
    return { anyOf: [...others.map((each) => this.#schemaOf(each)), tagged] };
  }

  #isPlainObject(type: ts.Type): boolean {
    return (type.flags & ts.TypeFlags.Object) !== 0 && !this.#checker.isArrayType(type);
  }

  /** A member that is in all of these and has another value in each. */
  #findTag(types: readonly ts.Type[]): string | undefined {
    return ['type', 'role', 'object'].find((name) => {
      const values = types.map((type) => this.#literalsOf(type, name));
      const all = values.flat();
      return values.every((each) => each.length > 0) && new Set(all).size === all.length;
    });
  }

  #literalsOf(type: ts.Type, name: string): string[] {
    const symbol = type.getProperty(name);
    if (symbol === undefined || symbol.flags & ts.SymbolFlags.Optional) return [];
    const value = this.#checker.getTypeOfSymbol(symbol);
    const values = value.isUnion() ? value.types : [value];
    return values.every((each) => each.isStringLiteral()) ? values.map((each) => each.value) : [];
  }

  #referenceTo(type: ts.Type): JsonSchema {
    let name = this.#names.get(type);
    if (name === undefined) {
      name = `${type.aliasSymbol?.name ?? type.symbol.name}-${this.#names.size}`;
      // Named before its members are looked at: a type may contain itself.
      this.#names.set(type, name);
      this.definitions[name] = this.#objectOf(type);
    }
    return { $ref: `#/definitions/${name}` };
  }

  #objectOf(type: ts.Type): JsonSchema {
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    for (const symbol of this.#checker.getPropertiesOfType(type)) {
      properties[symbol.name] = this.#schemaOf(this.#checker.getTypeOfSymbol(symbol));
      if (!(symbol.flags & ts.SymbolFlags.Optional)) required.push(symbol.name);
    }
    const others = this.#checker.getIndexTypeOfType(type, ts.IndexKind.String);
    return {
      type: 'object',
      properties,
      required,
      ...(others && { additionalProperties: this.#schemaOf(others) }),
    };
  }
}
