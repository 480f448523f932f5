import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ApiError } from '../../common/errors/api-error.js';
import { decodePlace, type RequestPlace } from '../../usage/requests/request-place.js';
import { RequestFilterQuery } from './request-filter.query.js';

/** Query of `GET /api/usage/requests`. */
export class RequestListQuery extends RequestFilterQuery {
  /** Words that must all be in one of the bodies that are kept of a request; for operators. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  text?: string;

  /** Most items of one answer. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 50;

  /** The `nextCursor` of the answer before. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  cursor?: string;
}

/** @throws ApiError `invalid_value` for what was no `nextCursor` */
export function placeOf({ cursor }: RequestListQuery): RequestPlace | undefined {
  if (cursor === undefined) return undefined;
  const place = decodePlace(cursor);
  if (place !== undefined) return place;
  throw new ApiError('invalid_value', 'The cursor is none that was given out.', {
    param: 'cursor',
  });
}
