// Help, documentation and binary say the same.
import assert from 'node:assert';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pages } from '../../docs/generate.mjs';
import { read, root, run, test } from '../lib.mjs';

for (const [path, text] of Object.entries(pages())) {
  await test(`${path} is what the binary says`, () => {
    assert.ok(existsSync(join(root, path)), `${path} is missing: node docs/generate.mjs`);
    assert.equal(read(join(root, path)), text, `${path} is out of date: node docs/generate.mjs`);
  });
}

await test('every link between the documents leads somewhere', () => {
  const documents = ['README.md', ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
  let links = 0;
  for (const document of documents)
    for (const [, target] of read(join(root, document)).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(root, dirname(document), target)), `${document} links to ${target}, which does not exist`);
      links++;
    }
  return `${links} links in ${documents.length} documents`;
});

await test('every option that the README and the guide use exists', () => {
  const help = new Map();
  let options = 0;
  for (const document of ['README.md', 'docs/guide.md'])
    for (const [, command, rest] of read(join(root, document)).matchAll(/graphcool-migrate ([a-z-]+)((?: [^\n`#]+)?)/g)) {
      if (!help.has(command)) {
        const said = run([command, '--help']);
        assert.equal(said.code, 0, `${document} names the command ${command}`);
        help.set(command, said.stdout);
      }
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) {
        assert.ok(help.get(command).includes(option), `${document}: ${command} has no ${option}`);
        options++;
      }
    }
  return `${options} options`;
});
