import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { UsersService, type UserWithPassword } from '../../auth/people/users.service.js';
import { pageOf, PageQuery } from '../page.js';
import { UserBody, UserChangeBody } from './user.dto.js';
import { type UserPage, type UserView, userView, type UserWithPasswordView } from './user.view.js';

@Controller('api/users')
@RoleAccess('admin')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  async list(@Query() query: PageQuery): Promise<UserPage> {
    return pageOf((await this.users.list()).map(userView), query);
  }

  @Post()
  @Header('cache-control', 'no-store')
  async create(@Body() body: UserBody): Promise<UserWithPasswordView> {
    return withPassword(await this.users.create(body));
  }

  @Get(':id')
  async get(@Param('id') id: string): Promise<UserView> {
    return userView(await this.users.get(id));
  }

  @Patch(':id')
  async change(@Param('id') id: string, @Body() body: UserChangeBody): Promise<UserView> {
    return userView(await this.users.update(id, body));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id') id: string): Promise<void> {
    await this.users.remove(id);
  }

  /** A new temporary password; their sessions end. */
  @Post(':id/reset-password')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async resetPassword(@Param('id') id: string): Promise<UserWithPasswordView> {
    return withPassword(await this.users.resetPassword(id));
  }
}

function withPassword({ user, temporaryPassword }: UserWithPassword): UserWithPasswordView {
  return { ...userView(user), temporaryPassword };
}
