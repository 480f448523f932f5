import { ValidateBy } from 'class-validator';
import { isTimeZone } from '../../common/time/time-zone.js';

/** The IANA name of a time zone. */
export function IsTimeZone(): PropertyDecorator {
  return ValidateBy({
    name: 'isTimeZone',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isTimeZone(value),
      defaultMessage: () => '$property must be the name of a time zone such as Europe/Berlin',
    },
  });
}
