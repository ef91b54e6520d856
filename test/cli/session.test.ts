import { expect, onTestFinished, test } from "vitest";
import { Session } from "../../src/cli/runtimes/session.ts";
import { Interrupted } from "../../src/cli/process/failure.ts";
import { DocumentError } from "../../src/document/error.ts";
import type { Sink } from "../../src/scheduler/sink.ts";

const document = (epochs: number): string =>
  JSON.stringify({
    data: { kind: "linear-uniform", samples: 3, dimension: 4 },
    model: { kind: "diagonal" },
    train: { stepSize: 1e-6, epochs },
    record: { every: 1000, quantities: ["loss"] },
  });
const endless = { text: document(100_000_000), name: "endless", files: new Map<string, Uint8Array>() };
const never = new AbortController().signal;

async function open(say: (line: string) => void = () => {}): Promise<Session> {
  const session = await Session.open({ adapter: "software", say, signal: new AbortController().signal });
  onTestFinished(() => session.close());
  return session;
}

/** Does something once training is under way. */
const onProgress = (act: () => void): Sink => {
  let done = false;
  return {
    record: () => {},
    end: () => {},
    progress: () => {
      if (!done) act();
      done = true;
    },
  };
};

test("a browser that is killed ends training with an error, and all later calls", async () => {
  const session = await open();
  const killing = onProgress(() => session.page.browser().process()!.kill("SIGKILL"));
  const message = "the browser has ended unexpectedly";
  await expect(session.train(endless, killing, never)).rejects.toThrow(message);
  await expect(session.train(endless, killing, never)).rejects.toThrow(message);
  await expect(session.tune(endless, {}, never)).rejects.toThrow(message);
});

test("a page that crashes ends training with an error, and all later calls", async () => {
  const session = await open();
  const crashing = onProgress(() => {
    void session.page.createCDPSession().then((client) => client.send("Page.crash").catch(() => {}));
  });
  await expect(session.train(endless, crashing, never)).rejects.toThrow("the page has crashed");
  await expect(session.tune(endless, {}, never)).rejects.toThrow("the page has crashed");
});

test("a GPU process that crashes is replaced; twice without a checkpoint in between ends training", async () => {
  const crash = async (session: Session): Promise<void> => {
    const client = await session.page.browser().target().createCDPSession();
    await client.send("Browser.crashGpuProcess" as never).catch(() => {});
  };
  const told: string[] = [];
  const session = await open((line) => {
    told.push(line);
    void crash(session);
  });
  const records: number[] = [];
  const sink = onProgress(() => void crash(session));
  sink.record = (block) => void records.push(block.record);
  await expect(session.train(endless, sink, never)).rejects.toThrow(/^the GPU device was lost \(unknown\)/);
  expect(told).toEqual([
    expect.stringMatching(/^page: the GPU device was lost .*; training goes on from the last/),
  ]);
  // What had been recorded was made again, and not handed over again.
  expect(records).toEqual(Array.from(records.keys()));
});

test("one session trains again after an error, an abort and a sink that fails", async () => {
  const session = await open();
  const idle = onProgress(() => {});
  const wrong = { ...endless, text: '{"data": 1}' };
  await expect(session.train(wrong, idle, never)).rejects.toThrow(DocumentError);
  await expect(session.train({ ...endless, name: "a.json", text: "{" }, idle, never)).rejects.toThrow(
    /^a\.json: line 1/,
  );

  const stop = new AbortController();
  await expect(
    session.train(
      endless,
      onProgress(() => stop.abort()),
      stop.signal,
    ),
  ).rejects.toThrow(Interrupted);

  const full: Sink = {
    record: () => {
      throw new Error("the disk is full");
    },
    end: () => {},
  };
  await expect(session.train(endless, full, never)).rejects.toThrow("the disk is full");

  const runs: number[] = [];
  const counting: Sink = { record: () => {}, end: (block) => void runs.push(...block.runs) };
  const report = await session.train({ ...endless, text: document(5) }, counting, never);
  expect(runs).toEqual([0]);
  expect(report.seconds).toBeGreaterThan(0);
});
