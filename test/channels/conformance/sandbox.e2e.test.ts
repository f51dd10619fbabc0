import { describeAdapter } from './describe-adapter.ts';
import { openSandboxWorld } from './sandbox-world.ts';

describeAdapter('of the sandbox in JSON', {
  open: () => openSandboxWorld('sandbox-bank'),
  without: {},
  timeoutMs: 120_000,
});

describeAdapter('of the sandbox in XML', {
  open: () => openSandboxWorld('sandbox-xml-bank'),
  without: {},
  timeoutMs: 120_000,
});
