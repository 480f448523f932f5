import { useNavigate } from '@tanstack/react-router';
import { CalendarClock, RotateCw } from 'lucide-react';
import { useIsFetching } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Select } from '@/components/ui/select';
import { useFormat } from '@/format/use-format';
import { useChoice } from '@/preferences/choice';
import { timeZone } from '@/preferences/time-zone';
import { CustomRangeForm } from './custom-range-form';
import { refresh, REFRESH_SECONDS, refreshEvery } from './refresh';
import { RANGE_NAMES, type TimeRangeSearch } from './time-range-search';
import { useTimeRange } from './use-time-range';

/** Which time the figures are of, and how often they are asked for. */
export default function TimeRangeMenu() {
  const { t } = useTranslation();
  const format = useFormat();
  const range = useTimeRange();
  const navigate = useNavigate();
  const zone = useChoice(timeZone);
  const every = useChoice(refreshEvery);
  const isFetching = useIsFetching() > 0;
  const [isOpen, setIsOpen] = useState(false);
  const name =
    range.name === undefined
      ? `${format.time(range.from)} – ${format.time(range.to)}`
      : t(`range.${range.name}`);

  const choose = (search: TimeRangeSearch) => {
    setIsOpen(false);
    void navigate({
      to: '.',
      search: (current) => ({
        ...current,
        range: undefined,
        from: undefined,
        to: undefined,
        ...search,
      }),
    });
  };

  return (
    <>
      <Popover open={isOpen} onOpenChange={setIsOpen}>
        <PopoverTrigger asChild>
          <Button
            variant="outline"
            className="min-w-0 shrink"
            aria-label={`${t('range.title')}: ${name}`}
          >
            <CalendarClock aria-hidden="true" />
            <span className="max-w-24 truncate sm:max-w-56">{name}</span>
          </Button>
        </PopoverTrigger>
        <PopoverContent align="end" aria-label={t('range.title')} className="space-y-3">
          <div className="grid grid-cols-2 gap-1">
            {RANGE_NAMES.map((each) => (
              <Button
                key={each}
                variant={each === range.name ? 'primary' : 'ghost'}
                aria-pressed={each === range.name}
                className="justify-start"
                onClick={() => choose({ range: each })}
              >
                {t(`range.${each}`)}
              </Button>
            ))}
          </div>
          <CustomRangeForm range={range} onApply={choose} />
          <p className="text-xs text-muted">{t('range.zone', { zone })}</p>
          <Select
            aria-label={t('refresh.every')}
            value={String(every)}
            onValueChange={(value) => refreshEvery.set(Number(value))}
            options={REFRESH_SECONDS.map((seconds) => ({
              value: String(seconds),
              label:
                seconds === 0
                  ? t('refresh.off')
                  : t('refresh.interval', { interval: format.duration(seconds * 1000) }),
            }))}
          />
        </PopoverContent>
      </Popover>
      <Button variant="ghost" size="icon" aria-label={t('refresh.now')} onClick={refresh}>
        <RotateCw aria-hidden="true" className={classNames(isFetching && 'animate-spin')} />
      </Button>
    </>
  );
}
