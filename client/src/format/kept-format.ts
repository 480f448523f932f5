const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();
const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();

/** Making a format takes longer than all else in a table cell, and there are few different ones. */
export function numberFormat(
  language: string,
  options: Intl.NumberFormatOptions,
): Intl.NumberFormat {
  return keep(numberFormats, language, options, () => new Intl.NumberFormat(language, options));
}

export function dateFormat(
  language: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  return keep(dateFormats, language, options, () => new Intl.DateTimeFormat(language, options));
}

export function relativeFormat(
  language: string,
  options: Intl.RelativeTimeFormatOptions,
): Intl.RelativeTimeFormat {
  const make = () => new Intl.RelativeTimeFormat(language, options);
  return keep(relativeFormats, language, options, make);
}

function keep<Format>(
  kept: Map<string, Format>,
  language: string,
  options: object,
  make: () => Format,
): Format {
  const key = language + JSON.stringify(options);
  const found = kept.get(key);
  if (found !== undefined) return found;
  const made = make();
  kept.set(key, made);
  return made;
}
