// Puts damaged JSON and damaged zips through the module ndf, built with AddressSanitizer: `ndf.mjs [SECONDS [SEED]]`. JSON gets
// Node's verdict and values; a zip is read or refused, and never more than that.
import assert from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from '../lib.mjs';
import { RandomJson } from '../lib/random_json.mjs';
import { zip } from '../lib/zip_writer.mjs';
import { compare } from '../ndf/beside_node.mjs';

const [seconds = 60, seed = 1] = process.argv.slice(2).map(Number);
const json = new RandomJson(seed);
const folder = mkdtempSync(join(tmpdir(), 'graphcool-fuzz-ndf-'));
const end = Date.now() + seconds * 1000;
const page = (kind) => ({
  name: `${json.pick(['', '', 'x/'])}${kind}/${json.pick(['1', '000001', '2'])}.json`,
  text: `{"valueType":"${kind}","values":[${json.value()}]}`,
  method: json.pick([0, 8]),
  zip64: json.next() < 0.2,
  descriptor: json.next() < 0.2,
});
let texts = 0;
let zips = 0;
while (Date.now() < end) {
  const whole = Array.from({ length: 500 }, () => json.text());
  const all = whole.flatMap((text) => [text, json.damaged(text), json.damaged(json.damaged(text))]);
  compare(all);
  texts += all.length;
  for (let i = 0; i < 20; i++, zips++) {
    const bytes = json.damaged(zip(['nodes', 'lists', 'relations'].map(page), { zip64: json.next() < 0.2, comment: json.pick(['', 'PK']) }));
    const path = join(folder, 'data.zip');
    writeFileSync(path, bytes);
    const { code, signal, stderr } = run(['list', path], { program: join(root, 'build/asan/tools/ndf'), timeout: 10000 });
    assert.ok([0, 3].includes(code), `seed ${seed}: ${path} ended with ${signal ?? code}: ${stderr}`);
  }
}
rmSync(folder, { recursive: true });
console.log(`seed ${seed}: ${texts} texts as Node reads them, ${zips} damaged zips`);
