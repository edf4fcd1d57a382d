/**
 * Weights in and out: initialization, state dictionaries by PyTorch's names, safetensors files, the description of a
 * model. Streams only: which file system they lie on is the caller's matter.
 */
package io.densespark.model.weights;
