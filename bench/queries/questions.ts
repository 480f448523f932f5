import type { Filled } from './fill-ledger.ts';

export interface Question {
  readonly name: string;
  /** Below `/api/usage/`. */
  readonly path: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What the pages of the dashboard ask, over everything and over the last day. */
export function questionsAbout(filled: Filled): Question[] {
  const iso = (time: number) => new Date(time).toISOString();
  const all = `from=${iso(filled.from)}&to=${iso(filled.to)}`;
  const lastDay = `from=${iso(filled.to - DAY_MS)}&to=${iso(filled.to)}`;
  const lastWeek = `from=${iso(filled.to - 7 * DAY_MS)}&to=${iso(filled.to)}`;
  const lastHour = `from=${iso(filled.to - HOUR_MS)}&to=${iso(filled.to)}`;
  return [
    { name: 'summary, all days', path: `summary?${all}` },
    { name: 'summary, last day', path: `summary?${lastDay}` },
    { name: 'summary, last hour', path: `summary?${lastHour}` },
    { name: 'summary of a client', path: `summary?${all}&client=${filled.commonClient}` },
    { name: 'cost by model and day', path: `time-series?${all}&metric=cost&groupBy=model` },
    {
      name: 'requests by client and hour',
      path: `time-series?${all}&metric=requests&groupBy=client&interval=hour`,
    },
    {
      name: 'tokens by day of Kolkata',
      path: `time-series?${all}&metric=tokens&interval=day&timeZone=Asia/Kolkata`,
    },
    {
      name: 'p95 by model and hour, a week',
      path: `time-series?${lastWeek}&metric=latencyP95&groupBy=model&interval=hour`,
    },
    { name: 'last hour by the minute', path: `time-series?${lastHour}&metric=cost&groupBy=key` },
    { name: 'break-down by model', path: `breakdown?${all}&by=model` },
    { name: 'break-down by key', path: `breakdown?${all}&by=key` },
    { name: 'requests, first page', path: 'requests' },
    { name: 'requests of a rare client', path: `requests?client=${filled.rareClient}` },
    {
      name: 'errors of a client',
      path: `requests?status=error&client=${filled.commonClient}`,
    },
    { name: 'requests with pictures', path: 'requests?hasImages=true' },
    { name: 'requests over 10 USD', path: 'requests?minCost=10' },
    { name: 'requests by id', path: `requests?requestId=${filled.someRequest.slice(0, 14)}` },
    { name: 'histogram', path: `requests/histogram?${all}` },
    {
      name: 'one request, in a filter',
      path: `requests/${filled.someRequest}?status=error&client=${filled.commonClient}`,
    },
  ];
}
