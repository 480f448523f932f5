import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../page.js';

/** Query of `GET /api/models`. */
export class ModelQuery extends PageQuery {
  /** Only those of this instance. */
  @IsOptional()
  @IsString()
  @MaxLength(63)
  provider?: string;

  /** Only those with this in their id, in whatever case. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  search?: string;

  /** Only models, or only public names. */
  @IsOptional()
  @IsIn(['model', 'route'])
  kind?: 'model' | 'route';

  /** Only those without a price, or with one. */
  @IsOptional()
  @IsIn(['true', 'false'])
  priced?: 'true' | 'false';
}
