import { PriceFormatError, scaleDecimalExactly } from './decimal.js';

/** An amount of USD as people write it. */
export type Decimal = string | number | undefined;

/** Reads amounts of USD as integers; what is absent is null, and what cannot be charged exactly is refused. */
export class DecimalReader {
  /** @param what names the price in what is said about it */
  constructor(private readonly what: string) {}

  /** For a part of what is read. */
  below(part: string): DecimalReader {
    return new DecimalReader(`${this.what}, ${part}`);
  }

  /** Pico-USD each, of USD per million. @throws PriceFormatError */
  perMillion<Member extends string>(
    from: { readonly [Key in Member]?: Decimal },
    member: Member,
  ): number | null {
    return this.#scaled(from[member], member, 6);
  }

  /** Nano-USD each, of USD each. @throws PriceFormatError */
  nano<Member extends string>(
    from: { readonly [Key in Member]?: Decimal },
    member: Member,
  ): number | null {
    return this.#scaled(from[member], member, 9);
  }

  /** Pico-USD each, of USD each. @throws PriceFormatError */
  pico<Member extends string>(
    from: { readonly [Key in Member]?: Decimal },
    member: Member,
  ): number | null {
    return this.#scaled(from[member], member, 12);
  }

  #scaled(value: Decimal, member: string, decimals: number): number | null {
    if (value === undefined) return null;
    try {
      return scaleDecimalExactly(value, decimals);
    } catch (cause) {
      if (!(cause instanceof PriceFormatError)) throw cause;
      throw new PriceFormatError(`${this.what}, ${member}: ${cause.message}`, { cause });
    }
  }
}
