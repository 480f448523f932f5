import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { ApiError } from '../../common/errors/api-error.js';
import { type BudgetBalance, BudgetBalances } from '../../limits/budgets/budget-balances.js';
import type { BudgetRule } from '../../limits/rules/budget-rule.js';
import { BudgetsService } from '../../limits/rules/budgets.service.js';
import { BudgetBody, BudgetChangeBody } from './budget.dto.js';
import { budgetChangeOf, type BudgetPage, budgetView, type BudgetView } from './budget.view.js';
import { pageOf, PageQuery } from '../page.js';

@Controller('api/budgets')
export class BudgetsController {
  constructor(
    private readonly budgets: BudgetsService,
    private readonly balances: BudgetBalances,
  ) {}

  @Get()
  @RoleAccess('viewer')
  async list(@Query() query: PageQuery): Promise<BudgetPage> {
    const { items, nextCursor } = pageOf(await this.budgets.list(), query);
    const balances = await this.balances.of(items);
    return {
      items: items.map((rule) => budgetView(rule, balances.get(rule.id) as BudgetBalance)),
      nextCursor,
    };
  }

  @Post()
  @RoleAccess('operator')
  async create(@Body() body: BudgetBody): Promise<BudgetView> {
    const { limitNanoUsd, ...figures } = budgetChangeOf(body);
    if (limitNanoUsd === undefined) {
      throw new ApiError('invalid_value', 'Give limitUsd or limitNanoUsd.', { param: 'limitUsd' });
    }
    const { scope, scopeId, period } = body;
    return this.#show(
      await this.budgets.create({
        ...figures,
        scope,
        scopeId: scopeId ?? '',
        period,
        limitNanoUsd,
      }),
    );
  }

  @Patch(':id')
  @RoleAccess('operator')
  async change(@Param('id') id: string, @Body() body: BudgetChangeBody): Promise<BudgetView> {
    return this.#show(await this.budgets.change(id, budgetChangeOf(body)));
  }

  @Delete(':id')
  @RoleAccess('operator')
  @HttpCode(204)
  async remove(@Param('id') id: string): Promise<void> {
    await this.budgets.remove(id);
  }

  async #show(rule: BudgetRule): Promise<BudgetView> {
    const balances = await this.balances.of([rule]);
    return budgetView(rule, balances.get(rule.id) as BudgetBalance);
  }
}
