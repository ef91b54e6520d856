import { expect, test } from "vitest";
import { requestAdapter } from "../../src/gpu/adapter.ts";
import { Device } from "../../src/gpu/device.ts";

test("an error that no scope caught breaks the device: what waits for it, then or later, is told", async () => {
  const device = await Device.open(await requestAdapter(navigator.gpu, "auto"));
  const buffer = device.buffer("small", 16, GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST);
  try {
    await expect(device.orLost(Promise.resolve("done"))).resolves.toBe("done");
    const waiting = expect(device.orLost(new Promise(() => {}))).rejects.toThrow(
      /^the GPU refused what it was given: /,
    );
    const encoder = device.gpu.createCommandEncoder();
    encoder.clearBuffer(buffer, 0, 1024);
    device.gpu.queue.submit([encoder.finish()]);
    await waiting;
    await expect(device.orLost(Promise.resolve("done"))).rejects.toThrow(/refused/);
  } finally {
    device.release(buffer);
    device.destroy();
  }
});
