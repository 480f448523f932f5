import { z } from 'zod';
import { configurationFileSchema } from './configuration-file.js';

/** A node of the JSON Schema, as far as the reference reads it. */
interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: string | number | boolean | object;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly anyOf?: readonly SchemaNode[];
  readonly not?: unknown;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  /** Of a map whose members are named by the user: how they are named, and what each of them is. */
  readonly propertyNames?: SchemaNode;
  readonly additionalProperties?: SchemaNode | false;
}

/** JSON Schema (2020-12) of the configuration file as it is written, for editors and `config schema`. */
export function configurationJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configurationFileSchema, { io: 'input' });
}

/** Markdown: one table with every member of the file. */
export function fileTable(): string {
  return [
    '| member | value | default | |',
    '| --- | --- | --- | --- |',
    ...listMembers(configurationJsonSchema(), ''),
  ].join('\n');
}

function listMembers(node: SchemaNode, prefix: string): string[] {
  return Object.entries(node.properties ?? {})
    .filter(([, member]) => member.not === undefined)
    .flatMap(([key, member]) => {
      const form = fullestForm(member);
      const isList = form.type === 'array';
      const path = `${prefix}${key}${isList ? '[]' : ''}`;
      const isRequired = node.required?.includes(key) ?? false;
      const row = `| \`${path}\` | ${describeType(member)} | ${describeDefault(member, isRequired)} | ${member.description ?? ''} |`;
      const inner = isList ? fullestForm(form.items ?? {}) : form;
      return [row, ...listMembers(inner, `${path}.`), ...listNamedMembers(inner, path)];
    });
}

/** Members whose names the user chooses are listed once, under a placeholder. */
function listNamedMembers({ additionalProperties, propertyNames }: SchemaNode, path: string) {
  if (!additionalProperties || additionalProperties.properties === undefined) return [];
  return listMembers(
    additionalProperties,
    `${path}.<${propertyNames?.enum ? 'endpoint' : 'name'}>.`,
  );
}

/** Of a value that may be written in several ways, the one with members to list. */
function fullestForm(node: SchemaNode): SchemaNode {
  return node.anyOf?.find(({ type }) => type === 'object') ?? node.anyOf?.[0] ?? node;
}

function describeType(node: SchemaNode): string {
  if (node.enum !== undefined) return node.enum.map((value) => `\`${value}\``).join(', ');
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.anyOf !== undefined) return node.anyOf.map(describeType).join(' or ');
  if (node.type === 'array') return `list of ${describeType(node.items ?? {})}`;
  if (node.type === 'object') return 'map';
  return [node.type ?? 'any'].flat().join(' or ');
}

function describeDefault(node: SchemaNode, isRequired: boolean): string {
  if (isRequired) return 'required';
  if (node.default === undefined || typeof node.default === 'object') return '';
  return `\`${node.default}\``;
}
