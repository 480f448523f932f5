import type { Unit, UsageUnits } from '../providers/contract/usage-units.js';
import type { Price } from './price.js';

/** Whether the price charges by anything but tokens, searches of the web and the request. */
export function pricesUnits({ units, images }: Price): boolean {
  return images !== undefined || (units !== undefined && Object.keys(units).length > 0);
}

/** Pico-USD for one of a unit of this usage; undefined where the price does not charge by it. */
export function unitRate(price: Price, unit: Unit, used: UsageUnits): number | undefined {
  return (unit === 'image' ? imageRate(price, used) : undefined) ?? price.units?.[unit];
}

/** Likewise the most that one may cost, whatever form it will have. */
export function dearestUnitRate({ units, images = [] }: Price, unit: Unit): number | undefined {
  const rate = units?.[unit];
  if (unit !== 'image' || images.length === 0) return rate;
  return Math.max(rate ?? 0, ...images.map(({ picoUsd }) => picoUsd));
}

function imageRate({ images }: Price, { imageSize, imageQuality }: UsageUnits): number | undefined {
  return images?.find(
    ({ size, quality }) =>
      (size === undefined || size === imageSize) &&
      (quality === undefined || quality === imageQuality),
  )?.picoUsd;
}
