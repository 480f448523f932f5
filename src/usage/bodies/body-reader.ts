import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../../database/data-source-options.js';
import { isPostgres, queryNamed } from '../queries/named-sql.js';
import type { TimeRange } from '../queries/time-cover.js';
import type { BodyKind, StoredBody } from './body-kinds.js';
import { wordsOf } from './words-of.js';

/** What is known of a body without reading it. */
export type BodyFacts = Omit<StoredBody, 'text'>;

export interface BodyMatch {
  readonly requestId: string;
  readonly createdAt: number;
}

/** A word that is everywhere must not make a search go through everything. */
const MOST_MATCHES = 20_000;

/** As the index of PostgreSQL was made; a text that differs would not use it. */
const POSTGRES_WORDS = `to_tsvector('simple', regexp_replace(text, '\\\\[nrt]|[^[:alnum:]]+', ' ', 'g'))`;

/** Bodies that are kept. */
@Injectable()
export class BodyReader {
  constructor(@Inject(getDataSourceToken(ANALYTICS)) private readonly source: DataSource) {}

  async factsOf(requestId: string): Promise<BodyFacts[]> {
    const rows = await queryNamed<Record<string, unknown>>(
      this.source,
      `SELECT request_id, kind, created_at, bytes, truncated, redacted FROM request_bodies
       WHERE request_id = :requestId`,
      { requestId },
    );
    return rows.map(readFacts);
  }

  async of(requestId: string): Promise<StoredBody[]> {
    const rows = await queryNamed<Record<string, unknown>>(
      this.source,
      'SELECT * FROM request_bodies WHERE request_id = :requestId',
      { requestId },
    );
    return rows.map((row) => ({ ...readFacts(row), text: String(row['text']) }));
  }

  /**
   * The newest requests in one of whose bodies all the words are, `limit` bodies at most, among the
   * newest 20,000 bodies that have them.
   */
  async search(text: string, { from, to }: TimeRange, limit: number): Promise<BodyMatch[]> {
    const words = wordsOf(text);
    if (words.length === 0) return [];
    const onPostgres = isPostgres(this.source);
    const matches = onPostgres
      ? `SELECT id FROM request_bodies
         WHERE ${POSTGRES_WORDS} @@ plainto_tsquery('simple', :words)
         ORDER BY id DESC LIMIT ${MOST_MATCHES}`
      : `SELECT rowid FROM request_body_words WHERE request_body_words MATCH :words
         ORDER BY rowid DESC LIMIT ${MOST_MATCHES}`;
    const rows = await queryNamed<Record<string, unknown>>(
      this.source,
      `SELECT request_id, created_at FROM request_bodies
       WHERE created_at >= :from AND created_at < :to AND id IN (${matches})
       ORDER BY created_at DESC LIMIT ${limit}`,
      { from, to, words: words.map((word) => (onPostgres ? word : `"${word}"`)).join(' ') },
    );
    return rows.map((row) => ({
      requestId: String(row['request_id']),
      createdAt: Number(row['created_at']),
    }));
  }
}

function readFacts(row: Readonly<Record<string, unknown>>): BodyFacts {
  return {
    requestId: String(row['request_id']),
    kind: String(row['kind']) as BodyKind,
    createdAt: Number(row['created_at']),
    bytes: Number(row['bytes']),
    truncated: Boolean(row['truncated']),
    redacted: Boolean(row['redacted']),
  };
}
