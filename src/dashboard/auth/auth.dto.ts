import { IsString, MaxLength, MinLength } from 'class-validator';

/** Body of `POST /api/auth/login`. */
export class LoginBody {
  @IsString()
  @MaxLength(254)
  email!: string;

  @IsString()
  @MaxLength(1024)
  password!: string;
}

/** Body of `POST /api/auth/setup`: the first administrator. */
export class SetupBody {
  /** From the link that the start prints. */
  @IsString()
  @MaxLength(100)
  token!: string;

  @IsString()
  @MaxLength(254)
  email!: string;

  @IsString()
  @MaxLength(100)
  name!: string;

  /** At least 12 characters. */
  @IsString()
  @MaxLength(1024)
  password!: string;
}

/** Body of `POST /api/auth/change-password`. */
export class ChangePasswordBody {
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  currentPassword!: string;

  /** At least 12 characters. */
  @IsString()
  @MaxLength(1024)
  newPassword!: string;
}
