import { Search, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './ui/button';
import { Input } from './ui/input';
import { Select, type SelectOption } from './ui/select';

const SETTLE_MS = 250;
/** Radix knows no empty value. */
const ANY = '*';

export interface SelectFilter {
  /** Name of the search parameter. */
  name: string;
  label: string;
  options: readonly SelectOption[];
}

export interface FilterBarProps<Search extends Record<string, unknown>> {
  /** The search parameters of the page, from `useSearch`. */
  search: Search;
  /** Gets what changed; undefined takes a parameter out. To be given to `navigate`. */
  onChange: (change: Record<string, string | undefined>) => void;
  filters?: readonly SelectFilter[];
  /** A text field; `/` focuses it. */
  text?: { name: string; label: string };
}

/** Filters whose state is the address: a link shows the same, Back undoes. */
export function FilterBar<Search extends Record<string, unknown>>({
  search,
  onChange,
  filters = [],
  text,
}: FilterBarProps<Search>) {
  const { t } = useTranslation();
  const names = [...filters.map(({ name }) => name), ...(text === undefined ? [] : [text.name])];
  const isFiltered = names.some((name) => search[name] !== undefined);

  return (
    <div role="search" className="mb-3 flex flex-wrap items-center gap-2">
      {text !== undefined && (
        <TextFilter
          label={text.label}
          value={textOf(search[text.name])}
          onChange={(value) => onChange({ [text.name]: value === '' ? undefined : value })}
        />
      )}
      {filters.map(({ name, label, options }) => (
        <Select
          key={name}
          aria-label={label}
          className="w-auto min-w-32"
          value={textOf(search[name]) || ANY}
          onValueChange={(value) => onChange({ [name]: value === ANY ? undefined : value })}
          options={[{ value: ANY, label: t('filter.any', { label }) }, ...options]}
        />
      ))}
      {isFiltered && (
        <Button
          variant="ghost"
          onClick={() => onChange(Object.fromEntries(names.map((name) => [name, undefined])))}
        >
          <X aria-hidden="true" />
          {t('filter.reset')}
        </Button>
      )}
    </div>
  );
}

/** Passes on what was typed once the person pauses. */
function TextFilter(props: { label: string; value: string; onChange: (value: string) => void }) {
  const { label, value, onChange } = props;
  const [typed, setTyped] = useState(value);
  const [lastValue, setLastValue] = useState(value);
  if (value !== lastValue) {
    setLastValue(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => onChange(typed), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);

  return (
    <div className="relative w-full sm:w-64">
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted"
      />
      <Input
        type="search"
        data-page-search
        aria-label={label}
        placeholder={label}
        className="pl-8"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
