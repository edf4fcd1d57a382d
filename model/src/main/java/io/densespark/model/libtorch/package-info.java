/**
 * The binding to libtorch, through JavaCPP: the only room that imports {@code org.bytedeco}. Others enter by {@link
 * io.densespark.model.libtorch.LibTorch} (memory and kernels on a device), {@link
 * io.densespark.model.libtorch.GlooProcessGroup} and {@link io.densespark.model.libtorch.NcclProcessGroup} (sums over
 * replicas) and {@link io.densespark.model.libtorch.NaiveDenseNet} (the slow form, to compare with), and see interfaces
 * of this module only. In this module nobody enters.
 */
package io.densespark.model.libtorch;
