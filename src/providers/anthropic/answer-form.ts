/** What a request replaced by other means, so that its answer has to be put back into form. */
export interface AnswerForm {
  /** The tool whose argument is the answer itself. */
  readonly answerTool?: string | undefined;
  /** Tools that were given one string argument for their free text. */
  readonly customTools: ReadonlySet<string>;
  /** The client speaks of one `function_call`, not of `tool_calls`. */
  readonly usesFunctions: boolean;
}

export const PLAIN_FORM: AnswerForm = { customTools: new Set(), usesFunctions: false };
