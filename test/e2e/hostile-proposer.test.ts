import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startProtocolServer } from '../protocol-server/server.ts';
import { controlCharacter } from '../reports/hostile-fixture.ts';
import { expectOneLine, optimize, parcelsRepository, proposalIn } from './parcels-repository.ts';

describe('hostile text of a proposer', () => {
  const hostile = [
    '::error::taken over',
    '##[add-mask]secret',
    '<script>alert(1)</script><img src=x onerror=alert(1)>',
    '@octocat ![pixel](https://evil.example/p.png)',
    '```\n</details>',
  ].join('\n');

  it('in an accepted instruction acts neither in the terminal nor in the reports', async () => {
    const made = await parcelsRepository();
    const { world } = made;
    const { writer } = made;
    const port = writer.port;
    await writer.close();
    const evil = await startProtocolServer({}, port, (messages) =>
      world.propose(messages).replace('\n</instruction>', () => `\n${hostile}\n</instruction>`),
    );
    onTestFinished(() => evil.close());
    const { code, stdout, stderr } = await optimize(made, 'reflection');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Improvement\n/) });
    const { messages } = proposalIn(made);
    expect(messages.head?.[0]?.content).toContain('<script>alert(1)</script>');
    expect(stdout + stderr).not.toMatch(/^\s*(::|##\[)/m);
    const html = readFileSync(path.join(made.out, 'report.html'), 'utf8');
    expect(html).toContain('alert(1)');
    expect(html).not.toMatch(/<script|<img src=x/);
    const markdown = readFileSync(path.join(made.out, 'report.md'), 'utf8');
    // Everything of a prompt stands in a fence longer than any inside it.
    const outside = markdown.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '');
    expect(markdown).toContain('alert(1)');
    expect(outside).not.toMatch(/<script|<img|@octocat|evil\.example|^::/m);
  });

  it('that moves a terminal is refused as an instruction', async () => {
    const made = await parcelsRepository({
      propose: () => '<instruction>Write codes.\u001b[2J\u001b]8;;https://evil.example\u0007</instruction>',
    });
    const { code, stdout, stderr } = await optimize(made, 'reflection');
    expect(code).toBe(0);
    expect(proposalIn(made).search.ended).toContain('it holds characters that cannot be seen');
    expect(stdout + stderr).not.toMatch(controlCharacter);
  });

  it('in an error is one inert line', async () => {
    const message = '\u001b[31m::error::x\n::add-mask::y <script>';
    const made = await parcelsRepository({
      writer: { failures: [{ kind: 'status', status: 500, message }] },
    });
    const ran = await optimize(made, 'reflection');
    expect(ran.code).toBe(3);
    expectOneLine(ran, /^writer\/gpt-4o-mini: HTTP 500: /);
    expect(ran.stderr).not.toMatch(controlCharacter);
    expect(ran.stderr).not.toContain('::');
  });
});
