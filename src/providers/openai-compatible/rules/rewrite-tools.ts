import type { ChatTool } from '../../chat/chat-api.js';
import { isObject, objectsIn } from '../openai-api.js';
import { unsupported } from '../../contract/refusals.js';
import type { RequestEdit } from './request-edit.js';
import type { FieldRule, FieldRules } from './request-rules.js';
import { rewriteForm } from './rewrite-members.js';

/** Applies the rules for tools and for what is said about their use. */
export function rewriteTools(edit: RequestEdit, rules: FieldRules): void {
  // What the allowed tools become is a choice itself.
  if (rewriteChoice(edit, rules) === 'tool_choice.allowed_tools') rewriteChoice(edit, rules);
  const tools = edit.get('tools');
  if (!Array.isArray(tools) || tools.length === 0) return;
  const kept = (tools as ChatTool[]).flatMap((tool, index) => {
    const path = `tools[${index}]`;
    if (isDropped(edit, `tools.${tool.type}`, path, rules)) return [];
    const unmarked = withoutCacheControl(edit, tool, path, rules['messages.cache_control']);
    return rewriteStrict(edit, unmarked, path, rules['tools.function.strict']);
  });
  if (kept.length === tools.length && kept.every((tool, index) => tool === tools[index])) return;
  if (kept.length > 0) return edit.set('tools', kept);
  edit.remove('tools');
  edit.remove('tool_choice');
}

function rewriteChoice(edit: RequestEdit, rules: FieldRules): string {
  const choice = edit.get('tool_choice');
  const form = `tool_choice.${String(isObject(choice) ? choice['type'] : choice)}`;
  rewriteForm(edit, form, 'tool_choice', rules[form as keyof FieldRules]);
  return form;
}

function isDropped(edit: RequestEdit, field: string, path: string, rules: FieldRules): boolean {
  const rule = rules[field as keyof FieldRules];
  if (rule?.kind === 'refuse') throw unsupported(path);
  if (rule?.kind !== 'drop') return false;
  edit.note(field, 'dropped', path);
  return true;
}

function rewriteStrict(
  edit: RequestEdit,
  tool: ChatTool,
  path: string,
  rule: FieldRule | undefined,
): ChatTool {
  if (rule?.kind !== 'drop' || tool.function?.strict === undefined) return tool;
  const { strict, ...rest } = tool.function;
  if (strict === true) edit.note('tools.function.strict', 'dropped', `${path}.function.strict`);
  return { ...tool, function: rest };
}

/** A mark on the tools is one of the prompt's, as those in the messages are. */
function withoutCacheControl(
  edit: RequestEdit,
  tool: ChatTool,
  path: string,
  rule: FieldRule | undefined,
): ChatTool {
  if (rule?.kind !== 'drop' || tool['cache_control'] === undefined) return tool;
  const { cache_control: control, ...rest } = tool;
  if (control !== null) edit.note('messages.cache_control', 'dropped', `${path}.cache_control`);
  return rest;
}

/** Sends only the tools that the choice allows, which is what it means. */
export const ONLY_ALLOWED_TOOLS: FieldRule = {
  kind: 'convert',
  outcomes: ['emulated'],
  note: 'only the allowed tools are sent',
  convert: (edit, value, form) => {
    const choice = isObject(value) ? value['allowed_tools'] : undefined;
    const allowed = isObject(choice) ? choice : {};
    const names = new Set(objectsIn(allowed['tools']).map(nameOf));
    edit.note(form, 'emulated', 'tool_choice');
    edit.set(
      'tools',
      objectsIn(edit.get('tools')).filter((tool) => names.has(nameOf(tool))),
    );
    edit.set('tool_choice', allowed['mode'] === 'required' ? 'required' : 'auto');
  },
};

function nameOf(tool: Record<string, unknown>): unknown {
  const named = tool[String(tool['type'])];
  return isObject(named) ? named['name'] : undefined;
}
