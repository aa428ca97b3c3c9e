import { MessageChannel, MessagePort } from 'node:worker_threads';
import type { DeskQuestion, DeskReply, DeskRequest } from './faulty-module';
import { FaultDesk } from './instruction';

/** A port through which another thread reaches this thread's fault desk. It closes with that thread. */
export function portTo(desk: FaultDesk): MessagePort {
  const { port1: here, port2: there } = new MessageChannel();
  here.on('message', ({ id, question }: DeskRequest) => {
    void reply(desk, question).then((answer) => here.postMessage({ id, ...answer } satisfies DeskReply));
  });
  // The port alone must not keep the process alive.
  here.unref();
  return there;
}

async function reply(desk: FaultDesk, question: DeskQuestion): Promise<Omit<DeskReply, 'id'>> {
  if (question.kind === 'instruct') return { instruction: await desk.instruct(question.page) };
  await desk.noteInjected(question.fault, question.page);
  return {};
}
