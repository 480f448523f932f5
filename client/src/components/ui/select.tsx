import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { CSP_NONCE } from '@/app/base-path';
import { classNames } from './class-names';
import { floatingClasses } from './dropdown-menu';
import { fieldClasses } from './input';

export interface SelectOption<Value extends string = string> {
  value: Value;
  label: string;
}

export interface SelectProps<Value extends string> extends Pick<
  ComponentProps<typeof Radix.Trigger>,
  'id' | 'className' | 'aria-label' | 'aria-labelledby' | 'aria-describedby' | 'aria-invalid'
> {
  value: Value | undefined;
  onValueChange: (value: Value) => void;
  options: readonly SelectOption<Value>[];
  placeholder?: string;
  isDisabled?: boolean;
}

/** One of a short list. A long list wants a search: see `Command`. */
export function Select<Value extends string>({
  value,
  onValueChange,
  options,
  placeholder,
  isDisabled = false,
  className,
  ...trigger
}: SelectProps<Value>) {
  return (
    <Radix.Root
      value={value ?? ''}
      onValueChange={(chosen) => onValueChange(chosen as Value)}
      disabled={isDisabled}
    >
      <Radix.Trigger
        {...trigger}
        className={classNames(
          fieldClasses,
          'flex h-8 items-center justify-between gap-2 text-left data-[placeholder]:text-muted',
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon>
          <ChevronDown aria-hidden="true" className="size-4 text-muted" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className={classNames(
            floatingClasses,
            'max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width)',
          )}
        >
          <Radix.Viewport nonce={CSP_NONCE}>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="relative flex cursor-default items-center rounded py-1.5 pr-2 pl-7 text-sm outline-none select-none data-[highlighted]:bg-subtle"
              >
                <Radix.ItemIndicator className="absolute left-2">
                  <Check aria-hidden="true" className="size-4" />
                </Radix.ItemIndicator>
                <Radix.ItemText>{option.label}</Radix.ItemText>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
