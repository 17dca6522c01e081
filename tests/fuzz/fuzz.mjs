// Puts damaged projects through the whole program, built with AddressSanitizer: `fuzz.mjs [SECONDS [SEED]]`.
// Nothing may crash, leak or hang; reports obey their schema; every datamodel that is written is one that check-datamodel
// and Prisma's own parser take. A project that shows the opposite is kept in a folder, named in the output.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asanBinary, root, run } from '../lib.mjs';
import { mutant, random, seeds } from './mutate.mjs';

const driver = join(root, 'build/asan/tools/fuzz');
const require = createRequire(import.meta.url);
const Ajv = require('ajv/dist/2020').default;
const requireCli = createRequire(join(root, 'tests/node_modules/prisma-cli-core/package.json'));
const { DefaultParser, DatabaseType } = requireCli('prisma-datamodel');

const validReport = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(readFileSync(join(root, 'docs/report.schema.json'), 'utf8')));

/** Writes a project to disk. */
export function keep(files, folder) {
  for (const { path, text } of files) {
    const name = join(folder, join('/', path));
    mkdirSync(dirname(name), { recursive: true });
    writeFileSync(name, text);
  }
}

/** What is wrong with the answers about one project: a list of texts. */
function wrongs(answers) {
  const found = [];
  for (const [kind, bytes] of answers) {
    const text = bytes.toString();
    if (kind === 'wrong') found.push(text);
    if (kind === 'json') {
      try {
        if (!validReport(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))) {
          const [{ instancePath, message }] = validReport.errors;
          found.push(`the report breaks its schema: ${instancePath} ${message}`);
        }
      } catch (error) {
        found.push(`the report is no JSON: ${error.message}`);
      }
    }
    // The npm package knows two languages: relational and mongo, both of 1.34.
    if (/^datamodel-\w+-1\.34$/.test(kind))
      try {
        DefaultParser.create(kind.includes('mongo') ? DatabaseType.mongo : DatabaseType.postgres).parseFromSchemaString(text);
      } catch (error) {
        found.push(`prisma-datamodel refuses the ${kind}: ${error.message}`);
      }
  }
  return [...new Set(found)];
}

/** The driver, fed one project at a time. */
class Driver {
  constructor() {
    this.child = spawn(driver, [], { env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=1' }, stdio: 'pipe' });
    this.chunks = [];
    this.stderr = '';
    this.wake = () => {};
    this.child.stdin.on('error', () => {});
    this.child.stdout.on('data', (chunk) => {
      this.chunks.push(chunk);
      this.wake();
    });
    this.child.stderr.on('data', (chunk) => (this.stderr += chunk));
    this.closed = new Promise((done) => this.child.on('close', (code, signal) => {
      this.ended = { code, signal };
      this.wake();
      done();
    }));
  }
  /** The answers to one project, or null if it died of it. */
  async ask(files) {
    const parts = [`files ${files.length}\n`];
    for (const { path, text } of files) parts.push(`${Buffer.byteLength(path)} ${Buffer.byteLength(text)}\n`, path, text);
    this.child.stdin.write(Buffer.concat(parts.map((part) => Buffer.from(part))));
    for (;;) {
      if (this.chunks.length && Buffer.concat(this.chunks.slice(-2)).subarray(-6).equals(Buffer.from('end 0\n'))) break;
      if (this.ended) return null;
      await new Promise((wake) => (this.wake = wake));
    }
    const bytes = Buffer.concat(this.chunks);
    this.chunks = [];
    const answers = [];
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf('\n', at);
      const [kind, size] = bytes.subarray(at, end).toString().split(' ');
      answers.push([kind, bytes.subarray(end + 1, end + 1 + Number(size))]);
      at = end + 1 + Number(size);
    }
    return answers;
  }
  async end() {
    this.child.stdin.end();
    await this.closed;
    return this.ended;
  }
}

/** The real commands, on disk: only their exit codes and whether they finish. */
function commandWrongs(files, scratch, turn) {
  const project = join(scratch, 'project');
  rmSync(scratch, { recursive: true, force: true });
  keep(files, project);
  const commands = [
    ['report', project],
    ['report', project, '--format', 'json', '--fail-on', 'refused'],
    ['convert', project, '--out', join(scratch, 'out')],
    ['convert', project, '--out', join(scratch, 'old'), '--target', 'prisma-1.30', '--database', 'postgres'],
    ['schema', project],
    ['schema', project, '--of', 'prisma', '--database', 'mongo'],
  ];
  const args = commands[turn % commands.length];
  const { code, signal, stderr } = run(args, { program: asanBinary, timeout: 5000 });
  return [0, 2, 3].includes(code) ? [] : [`${args.join(' ')}: ended with ${signal ?? code}: ${stderr.slice(0, 2000)}`];
}

/** Fuzzes for so many seconds: {projects, commands, failures: [{reasons, folder}]}. */
export async function fuzz(seconds, seed, { every = 25, most = 10 } = {}) {
  const all = seeds();
  const home = mkdtempSync(join(tmpdir(), 'graphcool-fuzz-'));
  const end = Date.now() + seconds * 1000;
  const failures = [];
  let projects = 0;
  let commands = 0;
  let one = new Driver();
  const fail = (files, number, reasons) => {
    const folder = join(home, `${seed}-${number}`);
    keep(files, folder);
    failures.push({ folder, reasons });
  };
  while (Date.now() < end && failures.length < most) {
    const number = projects++;
    const files = mutant(all, random(seed * 1000003 + number));
    const answers = await one.ask(files);
    if (!answers) {
      await one.closed;
      fail(files, number, [`ended with ${one.ended.signal ?? one.ended.code}: ${one.stderr.slice(0, 3000)}`]);
      one = new Driver();
      continue;
    }
    const reasons = wrongs(answers);
    if (number % every === 0) reasons.push(...commandWrongs(files, join(home, 'scratch'), commands++));
    if (reasons.length) fail(files, number, reasons);
  }
  const { code, signal } = await one.end();
  if (code !== 0) failures.push({ folder: '(at the end)', reasons: [`ended with ${signal ?? code}: ${one.stderr.slice(0, 3000)}`] });
  if (failures.length) rmSync(join(home, 'scratch'), { recursive: true, force: true });
  else rmSync(home, { recursive: true });
  return { projects, commands, failures };
}

export const describe = ({ failures }) => failures.map(({ folder, reasons }) => [folder, ...reasons.map((reason) => `  ${reason}`)].join('\n')).join('\n');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [seconds = 60, seed = 1] = process.argv.slice(2).map(Number);
  const result = await fuzz(seconds, seed);
  console.log(`seed ${seed}: ${result.projects} damaged projects, ${result.commands} commands, ${result.failures.length} failures`);
  if (result.failures.length) console.log(describe(result));
  process.exitCode = result.failures.length ? 1 : 0;
}
