import { describe, expect, test } from '@jest/globals';
import { Scheduler, type Self } from '../../../local/simulation/scheduler.ts';

/** Three processes that sleep for a while each time they write their name. */
async function interleaving(seed: number): Promise<{ written: string; scheduler: Scheduler }> {
  const scheduler = new Scheduler({ seed });
  let written = '';
  const write = (letter: string) => async (self: Self) => {
    for (let times = 0; times < 10; times++) {
      await self.sleepMs(self.random() * 10);
      written += letter;
    }
  };
  for (const letter of ['a', 'b', 'c']) scheduler.start(letter, write(letter));
  await scheduler.run();
  return { written, scheduler };
}

describe('a run', () => {
  test('is the same again with the same seed, to the last event', async () => {
    const [first, second] = [await interleaving(7), await interleaving(7)];
    expect(second.written).toBe(first.written);
    expect(second.scheduler.history()).toEqual(first.scheduler.history());
    expect(second.scheduler.fingerprint()).toBe(first.scheduler.fingerprint());
  });

  test('is another one with another seed', async () => {
    const runs = await Promise.all([1, 2, 3, 4, 5].map(interleaving));
    expect(new Set(runs.map(({ written }) => written)).size).toBe(5);
  });

  test('takes what is due at one moment in any order', async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 50; seed++) {
      const scheduler = new Scheduler({ seed });
      let order = '';
      for (const name of ['a', 'b', 'c']) {
        scheduler.start(name, async () => {
          order += name;
        });
      }
      await scheduler.run();
      orders.add(order);
    }
    expect(orders.size).toBe(6);
  });

  test('lets virtual time pass only', async () => {
    const scheduler = new Scheduler({ seed: 1, startsAt: new Date('2026-03-01T00:00:00Z') });
    const year = 365 * 24 * 60 * 60_000;
    const slept = scheduler.start('sleeper', async (self) => {
      await self.sleepMs(year);
      return self.now().toISOString();
    });
    await scheduler.run();
    expect(slept.outcome()).toEqual({ status: 'returned', value: '2027-03-01T00:00:00.000Z' });
  });

  test('runs every process until it waits again before anything else happens', async () => {
    const scheduler = new Scheduler({ seed: 1 });
    let inside = 0;
    let most = 0;
    const busy = async (self: Self) => {
      await self.sleepMs(5);
      most = Math.max(most, ++inside);
      for (let step = 0; step < 100; step++) await Promise.resolve(); // its own awaits are no waiting
      inside -= 1;
    };
    for (const name of ['a', 'b', 'c']) scheduler.start(name, busy);
    await scheduler.run();
    expect(most).toBe(1);
  });

  test('tells of a process that waits for what never comes, and of a run without an end', async () => {
    const stuck = new Scheduler({ seed: 1 });
    stuck.start('stuck', () => new Promise(() => {}));
    await expect(stuck.run()).rejects.toThrow('wait for ever: stuck');

    const endless = new Scheduler({ seed: 1, maximumEvents: 100 });
    endless.start('endless', async (self) => {
      for (;;) await self.sleepMs(1);
    });
    await expect(endless.run()).rejects.toThrow('no end after 100 events');
  });

  test('gives what a process threw', async () => {
    const scheduler = new Scheduler({ seed: 1 });
    const failing = scheduler.start('failing', async () => {
      throw new Error('on purpose');
    });
    await scheduler.run();
    expect(failing.outcome()).toEqual({ status: 'threw', error: new Error('on purpose') });
  });
});

describe('a killed process', () => {
  test.each([0, 1, 2, 3, 4])('runs no further line after %i awaits', async (awaits) => {
    const scheduler = new Scheduler({ seed: awaits });
    let lines = 0;
    const victim = scheduler.start('victim', async (self) => {
      try {
        for (;;) {
          lines += 1;
          await self.sleepMs(10);
        }
      } finally {
        lines += 1000; // not even this
      }
    });
    scheduler.start('killer', async (self) => {
      await self.sleepMs(10 * awaits + 5);
      victim.kill();
    });
    await scheduler.run();
    expect(lines).toBe(awaits + 1);
    expect(victim.outcome()).toEqual({ status: 'killed' });
  });

  test('leaves behind what it has sent off', async () => {
    const scheduler = new Scheduler({ seed: 1 });
    let arrived = false;
    let heard = false;
    const sender = scheduler.start('sender', async (self) => {
      await self.hear(
        scheduler.after(10, () => {
          arrived = true;
        }),
      );
      heard = true;
    });
    scheduler.start('killer', async (self) => {
      await self.sleepMs(5);
      sender.kill();
    });
    await scheduler.run();
    expect([arrived, heard]).toEqual([true, false]);
  });

  test('can be followed by a successor of the same name', async () => {
    const scheduler = new Scheduler({ seed: 1 });
    const first = scheduler.start('worker', (self) => self.sleepMs(100));
    scheduler.start('supervisor', async (self) => {
      await self.sleepMs(1);
      first.kill();
      await first.ended;
      const second = scheduler.start('worker', async () => 'done');
      expect(await second.ended).toEqual({ status: 'returned', value: 'done' });
    });
    await scheduler.run();
    expect(scheduler.history().map((line) => line.slice(line.indexOf(' ') + 1))).toContain('supervisor returned');
  });

  test('stands still while an answer from outside is on its way', async () => {
    const scheduler = new Scheduler({ seed: 1 });
    const answered = (): Promise<string> => new Promise((resolve) => setTimeout(() => resolve('answer'), 20));
    const asking = scheduler.start('asking', async (self) => {
      const answer = await self.hear(scheduler.standStill(answered()));
      return [answer, scheduler.elapsedMs()];
    });
    scheduler.start('sleeping', (self) => self.sleepMs(1_000));
    await scheduler.run();
    expect(asking.outcome()).toEqual({ status: 'returned', value: ['answer', 0] });
  });
});
