import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { ProviderReplaceBody } from './provider.dto.js';

/** Body of `POST /api/providers/:name/test`. */
export class ProviderTestBody {
  /** The vendor's id of a cheap model that is asked for a few tokens, which cost; the list of models when absent. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(256)
  model?: string;
}

/** Body of `POST /api/providers/test`: a provider that is not saved. */
export class ProviderDraftBody extends ProviderReplaceBody {
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(256)
  model?: string;
}

/** Body of `POST /api/providers/:name/health`. */
export class ProviderModeBody {
  /** `off` is asked only when there is no other, `on` whatever its calls show, `auto` as they show. */
  @IsIn(['on', 'off', 'auto'])
  state!: 'on' | 'off' | 'auto';
}
