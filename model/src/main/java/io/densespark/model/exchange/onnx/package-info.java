/**
 * Models as ONNX, written without ONNX's own tools: its generated protobuf classes are used only here. Those who bring
 * models out enter by {@link io.densespark.model.exchange.onnx.OnnxModel}.
 */
package io.densespark.model.exchange.onnx;
