import { z } from 'zod';

/** What an instance of the type may set under `settings`. */
export const azureSettings = z
  .strictObject({
    /** `v1` names the deployment in the body, `deployments` in the path. */
    urlStyle: z.enum(['v1', 'deployments']).default('v1'),
    /** Such as `2024-10-21`; the style `v1` needs none. */
    apiVersion: z
      .string()
      .regex(/^[A-Za-z0-9.-]{1,40}$/, 'must be a version such as 2024-10-21')
      .optional(),
    /** Which model a deployment serves, where its name does not say. */
    deployments: z.record(z.string(), z.string().min(1)).default({}),
  })
  .refine(({ urlStyle, apiVersion }) => urlStyle === 'v1' || apiVersion !== undefined, {
    path: ['apiVersion'],
    error: 'must be set when urlStyle is deployments',
  });

export type AzureSettings = z.infer<typeof azureSettings>;
