import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { type Role, ROLES } from '../../audit/actor.js';

/** Body of `POST /api/users`. */
export class UserBody {
  @IsString()
  @MaxLength(254)
  email!: string;

  @IsString()
  @MaxLength(100)
  name!: string;

  @IsIn(ROLES)
  role!: Role;

  /** At least 12 characters, to be changed at the first sign-in; one is made when absent. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  password?: string;
}

/** Body of `PATCH /api/users/:id`. An absent member stays as it is. */
export class UserChangeBody {
  @IsOptional()
  @IsString()
  @MaxLength(100)
  name?: string;

  @IsOptional()
  @IsIn(ROLES)
  role?: Role;

  /** False ends their sessions and lets them in no more. */
  @IsOptional()
  @IsBoolean()
  isActive?: boolean;
}
