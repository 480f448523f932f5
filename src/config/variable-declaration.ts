import type { z } from 'zod';

export type VariableGroup =
  | 'process'
  | 'storage'
  | 'secrets'
  | 'sign-in'
  | 'providers'
  | 'input'
  | 'limits'
  | 'upstream'
  | 'network'
  | 'streams'
  | 'overload'
  | 'observability'
  | 'file';

/** One environment variable: what is checked, what `.env.example` says and what the reference says. */
export interface VariableDeclaration<Schema extends z.ZodType = z.ZodType> {
  readonly group: VariableGroup;
  /** One line. */
  readonly explanation: string;
  readonly schema: Schema;
  /** As it would be written in the environment; an empty string stands for nothing. */
  readonly default?: string;
  /** What happens when a variable without default is not set. */
  readonly whenUnset?: string;
  /** A secret also accepts `<NAME>_FILE`. */
  readonly secret: boolean;
}

type Given<Schema extends z.ZodType> = Omit<
  VariableDeclaration<Schema>,
  'secret' | 'default' | 'whenUnset'
>;

export function withDefault<Schema extends z.ZodType<unknown, string>>(
  fallback: string,
  given: Given<Schema>,
): VariableDeclaration<z.ZodPrefault<Schema>> {
  return {
    ...given,
    schema: given.schema.prefault(fallback as never),
    default: fallback,
    secret: false,
  };
}

export function optional<Schema extends z.ZodType>(
  whenUnset: string,
  given: Given<Schema>,
): VariableDeclaration<z.ZodOptional<Schema>> {
  return { ...given, schema: given.schema.optional(), whenUnset, secret: false };
}

export function secret<Schema extends z.ZodType>(
  whenUnset: string,
  given: Given<Schema>,
): VariableDeclaration<z.ZodOptional<Schema>> {
  return { ...optional(whenUnset, given), secret: true };
}
