/**
 * Ways to be served that vendors charge for otherwise than the standard one: slower and cheaper, ahead
 * of others and dearer, or some time later.
 */
export const SERVICE_TIERS = ['flex', 'priority', 'batch'] as const;

export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** The tier that the vendor says it served, or undefined for its standard, whatever it calls that. */
export function servedTier(said: string | undefined): ServiceTier | undefined {
  const name = said?.toLowerCase();
  return SERVICE_TIERS.find((tier) => tier === name);
}
