import { z } from 'zod';

const header = z.string().regex(/^[\x20-\x7e]{1,200}$/, 'must be 1 to 200 characters of ASCII');

/** How the router's own statistics name the application; nothing is said when they are absent. */
export const openRouterSettings = z.strictObject({
  siteUrl: header.optional(),
  siteName: header.optional(),
});
