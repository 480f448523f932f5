/** What the model `markdown` answers: every block and span that a renderer has to cope with. */
export const MARKDOWN = `# A document

A paragraph with **bold**, *italic*, \`code\`, ~~struck~~ text and a [link](https://example.com/).
Letters beyond ASCII: naïve café, Ελληνικά, 日本語, emoji 🙂 👩‍👩‍👧.

## Lists

1. First
2. Second
   - nested
   - [x] done
   - [ ] to do

> A quotation
> of two lines.

| name | value |
| :--- | ----: |
| one  |     1 |
| two  |     2 |

\`\`\`typescript
const answer: number = 6 * 7; // "quoted" and \\\\ escaped
console.log(\`\${answer} < 43 && answer > 41\`);
\`\`\`

Inline HTML stays text: <b>not bold</b> & <script>alert(1)</script>.

Mathematics: $e^{i\\pi} + 1 = 0$.

---

The end.
`;

export const THOUGHTS =
  'The question has to be read twice. First what is asked, then what is meant. Both agree here, so the answer is plain.';

export const SLOW_TEXT =
  'This answer comes one word at a time, at a rate that the configuration or the name of the model sets, so that whoever reads it can watch how a slow stream behaves on its way through the proxy, from its first chunk to its last.';

export const BROKEN_TEXT = 'This answer breaks off before it';
