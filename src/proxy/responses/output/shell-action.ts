/** What a model asks of the local shell, by the arguments of the function that stands for it. */
export function shellActionOf(argumentsText: string): object {
  const { command, working_directory: directory, timeout_ms: timeoutMs } = parse(argumentsText);
  return {
    type: 'exec',
    command: Array.isArray(command) ? command.map(String) : commandOf(command),
    env: {},
    ...(typeof directory === 'string' && { working_directory: directory }),
    ...(typeof timeoutMs === 'number' && { timeout_ms: timeoutMs }),
  };
}

/** Some models write a line where a list is asked for. */
function commandOf(command: unknown): string[] {
  return typeof command === 'string' ? ['bash', '-lc', command] : [];
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
