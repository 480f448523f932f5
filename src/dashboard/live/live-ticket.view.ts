/** Opens `/api/live` once. */
export class LiveTicketView {
  /** To be sent as `?ticket=`. */
  ticket!: string;
  /** ISO 8601. */
  expiresAt!: string;
}
