import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** Query of a list. */
export class PageQuery {
  /** Most items of one answer. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 100;

  /** The `nextCursor` of the answer before. */
  @IsOptional()
  @IsString()
  @MaxLength(400)
  cursor?: string;
}

export interface Page<Item> {
  items: Item[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/** The items after the cursor, in the order of their ids, so that a list that changes meanwhile repeats none. */
export function pageOf<Item extends { readonly id: string }>(
  all: readonly Item[],
  { limit, cursor = '' }: PageQuery,
): Page<Item> {
  const rest = all
    .filter(({ id }) => id > cursor)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const items = rest.slice(0, limit);
  return { items, nextCursor: rest.length > limit ? (items.at(-1)?.id ?? null) : null };
}
