import { ValidateBy } from 'class-validator';
import { isDayOrTime } from '../common/time/day-or-time.js';

/** An ISO 8601 day or time; UTC where it names no offset. */
export function IsDayOrTime(): PropertyDecorator {
  return ValidateBy({
    name: 'isDayOrTime',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isDayOrTime(value),
      defaultMessage: () => '$property must be an ISO 8601 day or time',
    },
  });
}
