import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { exactMoney } from '@/format/money';
import { useFormat } from '@/format/use-format';
import { Badge } from './ui/badge';

export interface MoneyProps {
  /** Whole nano-USD as text, as the API has it; null is unpriced, which is not free. */
  nanoUsd: string | null;
  /** What leads to a price, beside the badge. */
  action?: ReactNode;
}

export function Money({ nanoUsd, action }: MoneyProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (nanoUsd === null) {
    return (
      <span className="inline-flex items-center gap-2">
        <Badge tone="warning" title={t('money.unpricedText')}>
          {t('money.unpriced')}
        </Badge>
        {action}
      </span>
    );
  }
  return (
    <span className="tabular" title={exactMoney(nanoUsd)}>
      {format.money(nanoUsd)}
    </span>
  );
}
