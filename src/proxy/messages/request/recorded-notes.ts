import type {
  TranslationOutcome,
  TranslationReport,
} from '../../../providers/contract/translation.js';

/** Where a converter says what became of a field: the report of a target, or a record for later. */
export type Notes = Pick<TranslationReport, 'note'>;

/**
 * A request is put into the canonical form once, whatever number of targets it is then tried on.
 * What was noted then holds for each of them.
 */
export class RecordedNotes implements Notes {
  readonly #notes: Array<Parameters<TranslationReport['note']>> = [];

  note(field: string, outcome: TranslationOutcome, path?: string): void {
    this.#notes.push([field, outcome, path]);
  }

  /** @throws ProviderError `rejected`, when the report is strict and something was lost */
  replay(report: Notes): void {
    for (const note of this.#notes) report.note(...note);
  }
}
