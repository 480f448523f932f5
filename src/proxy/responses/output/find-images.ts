const DATA_URL = /^data:[^,]*;base64,/;

interface MadeImage {
  image_url?: { url?: unknown };
}

/** The images of a delta as base64; clients of this dialect take no addresses. */
export function findImages(images: unknown): string[] {
  if (!Array.isArray(images)) return [];
  return (images as (MadeImage | null)[]).flatMap((image) => {
    const url = image?.image_url?.url;
    if (typeof url !== 'string') return [];
    const prefix = DATA_URL.exec(url)?.[0];
    return prefix === undefined ? [] : [url.slice(prefix.length)];
  });
}
