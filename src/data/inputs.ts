/** What documents may ask of inputs, whatever their kind: one scale, and a constant one. */

import * as v from "valibot";
import { field } from "../document/field.ts";

export const standardize = v.exactOptional(
  field(
    "Take off each input's mean on the training set, and divide by its standard deviation there; of images those of a channel.",
    "standardize is true or false",
    v.boolean(),
  ),
);

export const constant = v.exactOptional(
  field(
    "A last input of 1: its weights are the first layer's biases, and the network stays homogeneous.",
    "constant is true or false",
    v.boolean(),
  ),
);
