import type { OpenAPIObject } from '@nestjs/swagger';
import { expect, it } from 'vitest';
import { leaveOutDefaults } from './default-members.js';

it('lets a caller leave out what has a default, and nothing else', () => {
  const document: OpenAPIObject = {
    openapi: '3.0.0',
    info: { title: 'test', version: '1' },
    paths: {
      '/api/things': {
        get: {
          responses: {},
          parameters: [
            {
              name: 'limit',
              in: 'query',
              required: true,
              schema: { type: 'number', default: 100 },
            },
            { name: 'scope', in: 'query', required: true, schema: { type: 'string' } },
          ],
        },
      },
    },
    components: {
      schemas: {
        Both: {
          required: ['name', 'count'],
          properties: { name: { type: 'string' }, count: { type: 'number', default: 1 } },
        },
        One: { required: ['count'], properties: { count: { type: 'number', default: 1 } } },
      },
    },
  };
  leaveOutDefaults(document);
  expect(document.paths['/api/things']?.get?.parameters).toMatchObject([
    { name: 'limit', required: false },
    { name: 'scope', required: true },
  ]);
  expect(document.components?.schemas).toMatchObject({ Both: { required: ['name'] } });
  expect(document.components?.schemas?.['One']).not.toHaveProperty('required');
});
