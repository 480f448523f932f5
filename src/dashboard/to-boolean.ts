import { Transform } from 'class-transformer';

/** `true` and `false` as queries have them; anything else is left for the validator to refuse. */
export function ToBoolean(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => {
    if (value === 'true') return true;
    return value === 'false' ? false : value;
  });
}
