/** A day in the life of the center, from the opening of two institutions to the reconciliation of their statements. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Center } from '../outsider/center.ts';
import type { Institution } from '../outsider/onboarding.ts';
import { sandboxDayOf, sandboxTimeZone, sandboxToday } from '../outsider/statement-request.ts';
import { runSteps, type Step } from '../progress.ts';
import { disappointments } from './expectations.ts';
import { inParallel } from './in-parallel.ts';
import { type Member, openInstitutions, openMembers } from './open-business.ts';
import { followUp, type Payment, refresh, topUpAll, withdrawAll } from './payments.ts';
import { type Reconciled, readReconciled } from './reconciliations.ts';
import { playScenes, type Scene } from './scenes.ts';
import { writeScript } from './script.ts';
import { dropStatements, type Statement, watchExecution } from './statements.ts';

export interface DemoResult {
  readonly members: readonly Member[];
  readonly payments: readonly Payment[];
  readonly scenes: readonly Scene[];
  readonly reconciled: readonly Reconciled[];
  /** what is not as the script foresees it; none when all is well */
  readonly problems: readonly string[];
}

const seed = 20_260_301;

export async function runDemo(center: Center): Promise<DemoResult> {
  const script = writeScript(seed);
  const run = Date.now().toString().slice(-9);
  let institutions: Institution[] = [];
  let members: Member[] = [];
  let topUps: Payment[] = [];
  let withdrawals: Payment[] = [];
  let scenes: Scene[] = [];
  let statements: Statement[] = [];
  let reconciled: Reconciled[] = [];

  const steps: Step[] = [
    {
      title: 'Open two institutions: one operator proposes, another approves',
      run: async (tell) => {
        await untilWellBeforeMidnight(tell);
        institutions = await openInstitutions(center, script, run);
        return `Institutions opened: ${institutions.map(({ name }) => name).join(', ')}`;
      },
    },
    {
      title: 'Open member accounts and bind their cards',
      run: async (tell) => {
        members = await openMembers(institutions, script, (done, of) => tell(`${done} of ${of}`));
        return `${members.length} members with bound cards`;
      },
    },
    {
      title: 'Top-ups',
      run: async (tell) => {
        topUps = await topUpAll(members, run, (done) => tell(`${done} of ${members.length}`));
        topUps = await followUp(topUps, (open) => tell(`${open} are still unknown and followed up`));
        return `${topUps.length} top-ups, unknown ones followed up`;
      },
    },
    {
      title: 'Withdrawals',
      run: async (tell) => {
        withdrawals = await withdrawAll(members, run, (done) => tell(`${done}`));
        withdrawals = await followUp(withdrawals, (open) => tell(`${open} are still unknown and followed up`));
        return `${withdrawals.length} withdrawals, unknown ones followed up`;
      },
    },
    {
      title: 'Out of the ordinary',
      run: async (tell) => {
        scenes = await playScenes(center, run, tell);
        return 'An outage, an e-banking top-up, a returned payout, and webhooks of it all';
      },
    },
    {
      title: 'Channels drop their statements',
      run: async () => {
        const spoilt = ({ name }: Institution) => name === script.at(-1)?.name;
        statements = await dropStatements(center, institutions, { date: sandboxToday(), spoilt });
        return `${statements.length} statements dropped, one of them with every mistake there is`;
      },
    },
    {
      title: 'Reconciliation',
      run: async (tell) => {
        const states = new Map<string, string>();
        const watch = ({ executionName }: Statement) =>
          watchExecution(center, executionName, (state) => {
            states.set(executionName, state);
            tell([...states].map(([name, now]) => `${name}: ${now}`).join('  '));
          });
        await Promise.all(statements.map(watch));
        reconciled = await Promise.all(statements.map((statement) => readReconciled(center, statement)));
        return `${statements.length} executions succeeded`;
      },
    },
  ];
  await runSteps(steps);
  const payments = await inParallel([...topUps, ...withdrawals], refreshIfOpen);
  const problems = [...disappointments(payments, reconciled), ...wrongScenes(scenes)];
  return { members, payments, scenes, reconciled, problems };
}

const wrongScenes = (scenes: readonly Scene[]): string[] =>
  scenes.filter(({ isRight }) => !isRight).map(({ scene, seen }) => `${scene}: ${seen}`);

/** Statements may have completed what a channel had left open. */
const refreshIfOpen = (payment: Payment): Promise<Payment> =>
  payment.order.ends === 'processing' ? refresh(payment) : Promise.resolve(payment);

/** A demo that ran past midnight would spread its day over two statements. */
async function untilWellBeforeMidnight(tell: (now: string) => void): Promise<void> {
  const roomMs = 4 * 60_000;
  const started = sandboxToday();
  const later = () => sandboxDayOf(new Date(Date.now() + roomMs));
  while (sandboxToday() === started && later() !== started) {
    tell(`waiting for midnight in ${sandboxTimeZone}, so that all belongs to one day`);
    await sleep(1_000);
  }
}
