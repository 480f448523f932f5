/** Where a request may go: a configured instance, and the vendor's own id of a model. */
export interface ModelAddress {
  readonly instance: string;
  readonly model: string;
}
