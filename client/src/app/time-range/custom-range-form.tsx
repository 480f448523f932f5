import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { useChoice } from '@/preferences/choice';
import { timeZone } from '@/preferences/time-zone';
import type { TimeRange } from './time-range';
import { instantOf, localTimeOf } from './zoned-time';

export interface CustomRangeFormProps {
  range: TimeRange;
  onApply: (search: { from: string; to: string }) => void;
}

/** Two times in the shown zone. */
export function CustomRangeForm({ range, onApply }: CustomRangeFormProps) {
  const { t } = useTranslation();
  const zone = useChoice(timeZone);
  const [from, setFrom] = useState(localTimeOf(range.from, zone));
  const [to, setTo] = useState(localTimeOf(range.to, zone));
  const [error, setError] = useState<string>();

  const apply = (event: SubmitEvent) => {
    event.preventDefault();
    const chosen = { from: instantOf(from, zone), to: instantOf(to, zone) };
    if (chosen.from === undefined || chosen.to === undefined || chosen.from >= chosen.to) {
      setError(t('range.wrong'));
      return;
    }
    onApply({ from: chosen.from, to: chosen.to });
  };

  return (
    <form className="space-y-2 border-t pt-3" onSubmit={apply} noValidate>
      <Field label={t('range.from')}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('range.to')} error={error}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" variant="outline" className="w-full">
        {t('range.apply')}
      </Button>
    </form>
  );
}
