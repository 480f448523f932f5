/**
 * Models that OpenAI made for chat, which its older completions refuse, wherever they are served.
 * Not those for neither: their refusal is the vendor's to give. Source: the endpoints that the page
 * of each model lists.
 */
const CHAT_ONLY =
  /^(?:ft:)?(?:gpt-3\.?5-turbo|gpt-4|chatgpt-|o\d|gpt-(?:[5-9]|[12]\d)(?!\d))(?!.*(?:instruct|codex|pro|research))/;

export function isChatOnly(model: string): boolean {
  return CHAT_ONLY.test(model);
}
