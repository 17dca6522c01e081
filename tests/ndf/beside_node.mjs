// Our reader of JSON beside that of Node: the same verdict and the same values, but for the rules where we are stricter.
import assert from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../lib.mjs';

const asan = join(root, 'build/asan/tools/ndf');
const program = existsSync(asan) ? asan : join(root, 'build/release/tools/ndf');
/** The answers of our reader to many texts. */
export function ours(texts) {
  const input = Buffer.concat(texts.flatMap((text) => [Buffer.from(`${text.length}\n`), text]));
  const { code, stdout, stderr } = run(['json'], { program, input });
  assert.strictEqual(code, 0, stderr);
  return stdout.split('\n').slice(0, -1);
}

/** Is there half a surrogate pair among the escapes of a valid text? */
function hasHalfPair(text) {
  return /[\ud800-\udfff]/u.test(text.replace(/\\u([0-9a-f]{4})|\\./gi, (escape, unit) => (unit ? String.fromCharCode(Number.parseInt(unit, 16)) : '.')));
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Node's value, or undefined where the text must be refused. */
function theirs(text) {
  try {
    const decoded = decoder.decode(text);
    const value = JSON.parse(decoded);
    // Stricter: half a surrogate pair is no text.
    if (hasHalfPair(decoded)) return undefined;
    return { value };
  } catch {
    return undefined;
  }
}

/** Fails where the two differ; how many texts both take. */
export function compare(texts) {
  let taken = 0;
  ours(texts).forEach((answer, i) => {
    const expected = theirs(texts[i]);
    const shown = JSON.stringify(texts[i].toString('latin1'));
    assert.strictEqual(answer.startsWith('ok '), expected !== undefined, `${shown}: ${answer}`);
    if (!expected) {
      const offset = Number.parseInt(answer, 10);
      assert.ok(offset >= 0 && offset <= texts[i].length, `${shown}: ${answer}`);
      return;
    }
    taken++;
    assert.deepStrictEqual(JSON.parse(answer.slice(3)), expected.value, shown);
  });
  return taken;
}
