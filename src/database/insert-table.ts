export type ColumnType = 'text' | 'integer' | 'boolean' | 'json';

export interface Column {
  readonly name: string;
  /** `json` takes any JSON value and stores its text; null stays NULL. */
  readonly type: ColumnType;
}

/** A value that is written into the statement itself; text is of our own words only. */
export type Constant = string | number | boolean | null;

/** A table as far as rows are inserted into it. */
export interface InsertTable {
  readonly table: string;
  readonly columns: readonly Column[];
  /** Further columns, by name, that have one value in all rows. */
  readonly constants?: Readonly<Record<string, Constant>>;
  /** What happens to a row whose key exists; absent means the statement fails. */
  readonly onConflict?: {
    readonly keys: readonly string[];
    /** Columns whose new value is added to the stored one. */
    readonly add?: readonly string[];
    /** Columns whose new value replaces the stored one. With neither, the stored row stays. */
    readonly replace?: readonly string[];
  };
}

/** Cells in the order of `columns`; integers may be bigint. */
export type Cells = readonly unknown[];
