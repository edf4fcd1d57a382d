/**
 * Models as ONNX, written without ONNX's own tools: its generated protobuf classes are used only here. Those who bring
 * models out enter by {@link io.densespark.model.exchange.onnx.OnnxModel}. In this module nobody enters.
 */
package io.densespark.model.exchange.onnx;
