/**
 * The memory-efficient DenseNet itself: forward pass, recomputation and hand-written backward pass over planned buffers,
 * after arXiv 1707.06990 and arXiv 1608.06993. Others enter by {@link io.densespark.model.replica.Replica}. In this module
 * {@code backend}, {@code optimizer} and {@code weights} enter.
 */
package io.densespark.model.replica;
