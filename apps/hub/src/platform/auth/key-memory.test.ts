import { describe, expect, it } from 'vitest';
import { KeyMemory, type ProgramActor } from './key-memory.ts';

/** What pg says when nobody is behind the socket. */
function awayError(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
}

function sensor(key: string): ProgramActor {
  return { kind: 'sensor', key, name: `feed ${key}`, place: '29001' };
}

/** A database of keys: by hash as text; questions to it are counted. */
function memoryOver(keys: Record<string, ProgramActor>) {
  const world = {
    keys,
    clock: 1_000_000,
    asked: [] as string[],
    answer: undefined as undefined | (() => Promise<unknown>),
  };
  const memory = new KeyMemory(
    async (hash) => {
      world.asked.push(hash.toString());
      await world.answer?.();
      return world.keys[hash.toString()];
    },
    () => world.clock,
  );
  const actorOf = (hash: string) => memory.actorOf(Buffer.from(hash));
  return { world, memory, actorOf };
}

describe('the memory of keys', () => {
  it('asks once for many that come at the same time, and for a while not again', async () => {
    const { world, actorOf } = memoryOver({ a: sensor('1') });
    const found = await Promise.all([actorOf('a'), actorOf('a'), actorOf('a')]);
    world.clock += 399;

    expect([...found, await actorOf('a')]).toEqual(Array.from({ length: 4 }, () => sensor('1')));
    expect(world.asked).toEqual(['a']);
  });

  it('lets a key end within a second that was withdrawn by somebody else', async () => {
    const { world, actorOf } = memoryOver({ a: sensor('1') });
    await actorOf('a');
    delete world.keys.a;
    world.clock += 999;

    expect(await actorOf('a')).toBeUndefined();
  });

  it('lets a key end at once that was withdrawn here', async () => {
    const { world, memory, actorOf } = memoryOver({ a: sensor('1'), b: sensor('2') });
    await Promise.all([actorOf('a'), actorOf('b')]);
    delete world.keys.a;
    memory.forget('1');

    expect(await actorOf('a')).toBeUndefined();
    expect(await actorOf('b')).toEqual(sensor('2'));
    expect(world.asked).toEqual(['a', 'b', 'a']);
  });

  it('goes by what it knows while the database is away, and asks again when it is back', async () => {
    const { world, actorOf } = memoryOver({ a: sensor('1') });
    await actorOf('a');
    world.answer = () => Promise.reject(awayError());
    world.clock += 86_400_000;
    expect(await actorOf('a')).toEqual(sensor('1'));
    await expect(actorOf('never-seen')).rejects.toThrow('ECONNREFUSED');

    world.answer = undefined;
    delete world.keys.a;
    world.clock += 401;
    expect(await actorOf('a')).toBeUndefined();
    expect(await actorOf('never-seen')).toBeUndefined();
  });

  it('goes by what it knows where the database does not answer at all', async () => {
    const { world, actorOf } = memoryOver({ a: sensor('1') });
    await actorOf('a');
    let answer = (): void => {};
    world.answer = () =>
      new Promise<void>((resolve) => {
        answer = resolve;
      });
    world.clock += 1000;

    expect(await actorOf('a')).toEqual(sensor('1'));
    // The question goes on, and what it finds out counts.
    delete world.keys.a;
    answer();
    world.clock += 401;
    world.answer = undefined;
    expect(await actorOf('a')).toBeUndefined();
  });

  it('throws what is a defect, also of a key that it knows', async () => {
    const { world, actorOf } = memoryOver({ a: sensor('1') });
    await actorOf('a');
    world.answer = () => Promise.reject(new TypeError('a defect'));
    world.clock += 1000;

    await expect(actorOf('a')).rejects.toThrow('a defect');
  });

  it('remembers wrong ones for ten seconds, and keeps right ones whatever is guessed', async () => {
    const { world, actorOf } = memoryOver({ a: sensor('1') });
    await actorOf('a');
    expect([await actorOf('wrong'), await actorOf('wrong')]).toEqual([undefined, undefined]);
    world.clock += 9_999;
    await actorOf('wrong');
    expect(world.asked).toEqual(['a', 'wrong']);
    world.clock += 1;
    await actorOf('wrong');
    expect(world.asked).toEqual(['a', 'wrong', 'wrong']);

    for (let guess = 0; guess < 30_000; guess++) await actorOf(`guess ${guess}`);
    world.asked.length = 0;
    world.answer = () => Promise.reject(awayError());
    expect(await actorOf('a')).toEqual(sensor('1'));
    // The oldest guesses are forgotten: the memory is bounded.
    await expect(actorOf('guess 0')).rejects.toThrow('ECONNREFUSED');
    expect(await actorOf('guess 29999')).toBeUndefined();
    expect(world.asked).toEqual(['a', 'guess 0']);
  });

  it('asks again where the clock was set back', async () => {
    const { world, actorOf } = memoryOver({ a: sensor('1') });
    await actorOf('a');
    world.clock -= 3_600_000;
    await actorOf('a');

    expect(world.asked).toEqual(['a', 'a']);
  });
});
