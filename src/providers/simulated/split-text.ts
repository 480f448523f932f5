const LONGEST_PIECE = 48;
const WORD = /\s*\S+\s*|\s+/gu;

/** Pieces of the size that models write: words with their spaces, long ones in parts. */
export function* splitText(text: string): Generator<string> {
  for (const [word] of text.matchAll(WORD)) {
    if (word.length <= LONGEST_PIECE) {
      yield word;
      continue;
    }
    let piece = '';
    for (const character of word) {
      piece += character;
      if (piece.length < LONGEST_PIECE) continue;
      yield piece;
      piece = '';
    }
    if (piece !== '') yield piece;
  }
}
