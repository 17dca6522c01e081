// Writes what the program says about itself: docs/commands.md, docs/graphcool-migrate.1 and docs/rules.md.
// `node docs/generate.mjs` rewrites them; tests/golden/docs.test.mjs checks that they are what the binary says today.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binary = join(root, 'build/graphcool-migrate');

function say(...args) {
  const { status, stdout, stderr } = spawnSync(binary, args, { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  if (status !== 0) throw new Error(`graphcool-migrate ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** [{name, summary}] of the commands, as the program lists them. */
function commands() {
  const block = say('--help').split('\ncommands:\n')[1].split('\n\n')[0];
  return block.split('\n').map((line) => {
    const [, name, summary] = /^ {2}(\S+) +(.*)$/.exec(line);
    return { name, summary };
  });
}

const version = say('--version').trim().split(' ')[1];

function commandsPage() {
  const parts = commands().map(({ name }) => `## ${name}\n\n\`\`\`text\n${say(name, '--help').trimEnd()}\n\`\`\`\n`);
  return `# Commands

This page is what the program prints (\`node docs/generate.mjs\` writes it). Exit codes: [exit-codes.md](exit-codes.md).

\`\`\`text
${say('--help').trimEnd()}
\`\`\`

${parts.join('\n')}`;
}

/** Text as roff takes it: backslashes and leading dots and quotes are special. */
const roff = (text) => text.replace(/\\/g, '\\e').replace(/-/g, '\\-').replace(/^([.'])/gm, '\\&$1');

function manPage() {
  const parts = commands().map(
    ({ name }) => `.SS ${roff(name)}\n.nf\n${roff(say(name, '--help').trimEnd())}\n.fi`,
  );
  return `.TH GRAPHCOOL\\-MIGRATE 1 "" "graphcool\\-migrate ${version}" "User Commands"
.SH NAME
graphcool\\-migrate \\- moves a Graphcool Framework project to Prisma
.SH SYNOPSIS
.B graphcool\\-migrate
.I COMMAND
[ARGUMENT...]
.SH DESCRIPTION
Reads a Graphcool Framework project, converts its types, permissions and functions by rules into a Prisma
service, and reports every decision. What cannot be carried over faithfully is refused by name.
.SH COMMANDS
${parts.join('\n')}
.SH EXIT STATUS
0 done; 1 wrong command line; 2 bad input; 3 findings at or above the chosen threshold, or something refused; 4 remote
error, can be resumed; 5 data differ; 6 partial; 7 state belongs to another migration, or is locked; 8 local I/O;
70 a bug; 130 interrupted.
.SH ENVIRONMENT
.TP
.B NO_COLOR
if set and not empty, nothing is coloured.
`;
}

function rulesPage() {
  const ids = say('rules', 'list').match(/^GCM-[A-Z]+-[0-9]+/gm);
  const parts = ids.map((id) => `## ${id}\n\n\`\`\`text\n${say('rules', 'explain', id).trimEnd()}\n\`\`\`\n`);
  return `# Rules

What is known about the two systems, as \`graphcool-migrate rules explain\` prints it (\`node docs/generate.mjs\` writes
this page). The rules themselves are in \`rules/*.yml\`; [rules-file.md](rules-file.md) says how to override them.

${parts.join('\n')}`;
}

/** Path below the root → text, for everything that is generated. */
export function pages() {
  return {
    'docs/commands.md': commandsPage(),
    'docs/graphcool-migrate.1': manPage(),
    'docs/rules.md': rulesPage(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of Object.entries(pages())) writeFileSync(join(root, path), text);
