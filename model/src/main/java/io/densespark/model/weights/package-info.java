/**
 * Weights: initialization, state dictionaries by PyTorch's names, safetensors files, the description of a model. Streams
 * only: which file system they lie on is the caller's matter. In this module {@code exchange}, {@code exchange.bigdl},
 * {@code exchange.onnx} and {@code libtorch} enter.
 */
package io.densespark.model.weights;
