/**
 * The binding to libtorch, through JavaCPP: beside {@code cuda} the only room that imports {@code org.bytedeco}. Others
 * enter by {@link
 * io.densespark.model.libtorch.LibTorch} (memory and kernels on a CPU), {@link
 * io.densespark.model.libtorch.GlooProcessGroup} (sums over
 * replicas) and {@link io.densespark.model.libtorch.NaiveDenseNet} (the slow form, to compare with), and see interfaces
 * of this module only. In this module {@code backend} enters.
 */
package io.densespark.model.libtorch;
