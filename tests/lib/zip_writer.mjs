// Writes zips byte by byte, also such as nobody should: every field of an entry can be given as a lie.
import * as zlib from 'node:zlib';

const { crc32: crcOf, deflateRawSync } = zlib;

const table = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n >>> 0;
});
/** zlib's own, where this Node has it. */
export function crc32(bytes) {
  if (crcOf) return crcOf(bytes);
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function numbers(...pairs) {
  const size = pairs.reduce((sum, [width]) => sum + width, 0);
  const out = Buffer.alloc(size);
  let at = 0;
  for (const [width, value] of pairs) {
    if (width === 8) out.writeBigUInt64LE(BigInt(value), at);
    else out.writeUIntLE(value, at, width);
    at += width;
  }
  return out;
}

const BIG = 0xffffffff;

/**
 * entries: [{name, text, method = 8, flags = 0, mode, size, packed, crc, data, at, only, zip64, descriptor}];
 * `at`: where the directory says that the header is; `only`: in the directory, not in the file.
 * options: {comment, count, zip64, trailer}.
 */
export function zip(entries, { comment = '', count, zip64 = false, trailer = '' } = {}) {
  const parts = [];
  const directory = [];
  let offset = 0;
  const put = (...buffers) => {
    for (const buffer of buffers) {
      parts.push(buffer);
      offset += buffer.length;
    }
  };
  for (const entry of entries) {
    const { method = 8, flags = 0, mode } = entry;
    const name = Buffer.from(entry.name);
    const text = Buffer.from(entry.text ?? '');
    const data = entry.data ?? (method === 8 ? deflateRawSync(text) : text);
    const crc = entry.crc ?? crc32(text);
    const size = entry.size ?? text.length;
    const packed = entry.packed ?? data.length;
    const header = entry.at ?? offset;
    const descriptor = entry.descriptor ? 8 : 0;
    const known = descriptor ? [[4, 0], [4, 0], [4, 0]] : [[4, crc], [4, Math.min(packed, BIG)], [4, Math.min(size, BIG)]];
    if (!entry.only)
      put(numbers([4, 0x04034b50], [2, 20], [2, flags | descriptor], [2, method], [4, 0x21 << 16], ...known, [2, name.length], [2, 0]), name, data);
    if (descriptor) put(numbers([4, 0x08074b50], [4, crc], [4, packed], [4, size]));
    const extra = entry.zip64 ? numbers([2, 1], [2, 24], [8, size], [8, packed], [8, header]) : Buffer.alloc(0);
    const shown = (value) => (entry.zip64 ? BIG : value);
    directory.push(
      numbers([4, 0x02014b50], [2, mode === undefined ? 20 : (3 << 8) | 20], [2, 20], [2, flags | descriptor], [2, method], [4, 0x21 << 16], [4, crc],
        [4, shown(packed)], [4, shown(size)], [2, name.length], [2, extra.length], [2, 0], [2, 0], [2, 0], [4, ((mode ?? 0) << 16) >>> 0], [4, shown(header)]),
      name, extra);
  }
  const from = offset;
  put(...directory);
  const size = offset - from;
  const total = count ?? entries.length;
  if (zip64) {
    const record = offset;
    put(numbers([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, total], [8, total], [8, size], [8, from]));
    put(numbers([4, 0x07064b50], [4, 0], [8, record], [4, 1]));
  }
  const old = (width, value) => [width, zip64 ? 2 ** (8 * width) - 1 : value];
  put(numbers([4, 0x06054b50], [2, 0], [2, 0], old(2, total), old(2, total), old(4, size), old(4, from), [2, Buffer.byteLength(comment)]), Buffer.from(comment), Buffer.from(trailer));
  return Buffer.concat(parts);
}
