import type { OpenAPIObject } from '@nestjs/swagger';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

/**
 * Says of whatever has a default that it may be left out. The compiler's plugin sees that such a
 * member is always there, which holds for the code behind the route and not for who calls it.
 */
export function leaveOutDefaults(document: OpenAPIObject): void {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) leaveOutOfParameters(path[method]);
  }
  leaveOutOfBodies(document.components?.schemas ?? {});
}

function leaveOutOfParameters(operation: Operation | undefined): void {
  for (const parameter of operation?.parameters ?? []) {
    if ('$ref' in parameter || parameter.schema === undefined) continue;
    if ('default' in parameter.schema) parameter.required = false;
  }
}

function leaveOutOfBodies(schemas: Schemas): void {
  for (const schema of Object.values(schemas)) {
    if ('$ref' in schema || schema.required === undefined) continue;
    const { properties = {} } = schema;
    schema.required = schema.required.filter((name) => !('default' in (properties[name] ?? {})));
    if (schema.required.length === 0) delete schema.required;
  }
}
