import { Popover as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names';
import { floatingClasses } from './dropdown-menu';

export const Popover = Radix.Root;
export const PopoverTrigger = Radix.Trigger;
export const PopoverClose = Radix.Close;

/** Needs `aria-label` or `aria-labelledby`: it is a dialog to a screen reader. */
export function PopoverContent({
  className,
  sideOffset = 4,
  align = 'start',
  ...rest
}: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        collisionPadding={8}
        {...rest}
        sideOffset={sideOffset}
        align={align}
        className={classNames(floatingClasses, 'w-72 p-3', className)}
      />
    </Radix.Portal>
  );
}
