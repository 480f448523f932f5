import type { Secret } from '../../common/secret.js';
import { newRequestId } from '../../common/http/request-id.js';
import { Flow } from '../../providers/contract/flow.js';
import type { ProviderInstance } from '../../providers/contract/provider-instance.js';
import { TranslationReport } from '../../providers/contract/translation.js';
import type { ReportRange, UsageReporting } from '../../providers/contract/usage-report.js';

export interface ReportOrder {
  readonly reporting: UsageReporting;
  readonly instance: ProviderInstance;
  /** In place of the instance's own keys, which may not read reports. */
  readonly adminKey: Secret | undefined;
  readonly range: ReportRange;
}

/** The vendor's answers as they came. Rejects with `ProviderError`. */
export function fetchReport(order: ReportOrder): Promise<readonly unknown[]> {
  const { reporting, adminKey, range } = order;
  const instance: ProviderInstance =
    adminKey === undefined ? order.instance : { ...order.instance, apiKeys: [adminKey] };
  return reporting.fetch(
    {
      instance,
      model: '',
      requestId: newRequestId(),
      signal: new AbortController().signal,
      flow: new Flow(),
      headers: {},
      translation: new TranslationReport(),
    },
    range,
  );
}
