const LONGEST = 20_000; // characters: longer texts are rare
const ALL = 400_000; // characters: what is parsed of one takes up to 250 bytes

/**
 * What was made of texts, by text, for the last that were asked for. Bounded by their length, not by their number: what
 * is kept of a thousand hostile texts would fill the memory.
 */
export function createTextCache() {
  const values = new Map(); // the one used last is the last
  let length = 0;

  function forget(text) {
    if (values.delete(text)) length -= text.length;
  }

  function set(text, value) {
    forget(text);
    if (text.length > LONGEST) return;
    values.set(text, value);
    length += text.length;
    for (const oldest of values.keys()) {
      if (length <= ALL) return;
      forget(oldest);
    }
  }

  function get(text) {
    const value = values.get(text);
    if (value !== undefined) set(text, value);
    return value;
  }

  return { get, set };
}
