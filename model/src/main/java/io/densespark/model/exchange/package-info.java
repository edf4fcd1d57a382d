/**
 * Whole models in and out: in one safetensors file by {@link io.densespark.model.exchange.SafetensorsModel}, in the formats
 * of others next door, and what all of them make of a file ({@link io.densespark.model.exchange.ForeignModel}). Those who
 * bring models in and out enter. In this module {@code exchange.bigdl} and {@code exchange.onnx} enter.
 */
package io.densespark.model.exchange;
