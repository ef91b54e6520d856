import "@tensorflow/tfjs-backend-webgpu";
import { tensorflow } from "./tfjs.ts";

export const tfjsWebgpu = tensorflow("webgpu");
