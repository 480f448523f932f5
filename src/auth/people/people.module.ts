import { Module } from '@nestjs/common';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PeopleWriter } from './people-writer.js';
import { UsersService } from './users.service.js';

const EXPORTED = [PasswordHasher, PeopleWriter, UsersService];

/** People and their passwords. Changes nothing by itself, so that commands can use it anywhere. */
@Module({ providers: EXPORTED, exports: EXPORTED })
export class PeopleModule {}
