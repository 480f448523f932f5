import { Check, Minus } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names';

export function Checkbox({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      {...rest}
      className={classNames(
        'group size-4 shrink-0 rounded border border-field bg-surface disabled:opacity-50 data-[state=checked]:border-primary data-[state=checked]:bg-primary data-[state=indeterminate]:border-primary data-[state=indeterminate]:bg-primary',
        className,
      )}
    >
      <Radix.Indicator className="flex items-center justify-center text-on-primary [&_svg]:size-3.5">
        <Minus aria-hidden="true" className="hidden group-data-[state=indeterminate]:block" />
        <Check aria-hidden="true" className="group-data-[state=indeterminate]:hidden" />
      </Radix.Indicator>
    </Radix.Root>
  );
}
