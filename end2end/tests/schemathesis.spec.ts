import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ostiary } from '../fixtures/ostiary.ts';
import { expect, test as base } from '../fixtures/test.ts';

/// A provider of its own: what is tried here changes and deletes whatever it finds.
const test = base.extend<{ provider: Ostiary }>({
  provider: async ({}, use) => {
    const provider = await Ostiary.start();
    await use(provider);
    await provider.stop();
  },
});

/// Schemathesis, which is not ours, makes requests out of the description of the API and holds the answers against it.
test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'no browser takes part, once is enough');

const SCHEMATHESIS = join(import.meta.dirname, '../python/.venv/bin/schemathesis');

/// What would cut the branch that the run sits on.
const LEFT_OUT = [
  'logout', // ends the session that asks
  'switchOrganization', // gives other tokens for those that asked
  'changeOwnPassword', // ends it as well, should the password ever be hit on
  'deactivateOwnAccount', // ends the account that asks
  'deleteOwnAccount', // so does this
  'endOwnSession', // finds that session in the list
  'deleteUser', // finds that account in the list
];

const CHECKS = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_headers_conformance', 'response_schema_conformance'];

/// I8: whatever is sent, what is answered is what the description says, and never a fault of ours.
test('the REST API answers as it is described', async ({ provider }) => {
  test.setTimeout(240_000);
  const admin = await provider.createUser(provider.newPerson(), { admin: true });
  const signedIn = await fetch(provider.url('/api/v1/auth/login'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: admin.email, password: admin.password }),
  });
  const { token } = (await signedIn.json()) as { token: string };
  const dir = await mkdtemp(join(tmpdir(), 'ostiary-schemathesis-'));
  const args = [
    'run', provider.url('/api/v1/openapi.json'),
    '--header', `Authorization: Bearer ${token}`,
    '--checks', CHECKS.join(','),
    ...LEFT_OUT.flatMap((id) => ['--exclude-operation-id', id]),
    '--phases', 'examples,coverage,fuzzing',
    '--max-examples', '15',
    '--seed', '4481',
    '--warnings', 'off',
    '--continue-on-failure',
    '--no-color',
  ];
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    // In a directory of its own: it keeps what it learnt beside where it runs.
    execFile(SCHEMATHESIS, args, { cwd: dir, maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
  await rm(dir, { recursive: true, force: true });
  expect(code, output).toBe(0);
  // Otherwise most of it was asked by nobody in particular, and proves little.
  const after = await fetch(provider.url('/api/v1/auth/me'), { headers: { authorization: `Bearer ${token}` } });
  expect(after.status, 'the token still works').toBe(200);
});
